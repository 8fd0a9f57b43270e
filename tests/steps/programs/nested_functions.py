"""Closures, global and nonlocal, defaults, shared cells."""

counter = 0


def bump(by=1):
    global counter
    counter += by
    return counter


def make_counter(start=0, *, step=1):
    value = start

    def advance():
        nonlocal value
        value += step
        return value

    def reset():
        nonlocal value
        value = start

    return advance, reset


def outer():
    x = 1

    def middle():
        nonlocal x
        x += 1

        def inner():
            nonlocal x
            x += 1
            return x

        return inner() + inner()

    return middle() + x


advance, reset = make_counter(10, step=5)
advance(); advance(); reset(); advance()
bump(); bump(by=3)
outer()
closures = []
for i in range(3):
    def late(): return i
    def bound(i=i): return i
    closures += [late, bound]
assert [f() for f in closures] == [2, 0, 2, 1, 2, 2]


def defaults(a, b=bump(), c=[bump(2)]):
    c.append(a)
    return b, c


defaults(1); defaults(2)


def unbound():
    try:
        return later
        later = 1
    except UnboundLocalError:
        return None


unbound()
