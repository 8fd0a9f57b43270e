"""Comparison chains, walrus, star-arguments, unpacking, del, assert, slices, ternaries."""


class Loud:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n

    def __format__(self, spec):
        if spec == "x":
            return hex(self.n)
        return str(self.n)

    def __repr__(self):
        return f"Loud({self.n})"

    def __eq__(self, other):
        return self.n == other.n

    def __hash__(self):
        return hash(self.n)

    def __index__(self):
        return self.n

    def __matmul__(self, other):
        return self.n * other.n

    def __iadd__(self, n):
        self.n += n
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


a, b, c = Loud(1), Loud(2), Loud(3)
a < b < c
a < c < b < a
f"{a} {b:x} {c!r} {a}{b}"
"{:x} {}".format(a, b)
"%s %r" % (a, b)
[10, 20, 30, 40][a], [1, 2, 3, 4][a:c]
a @ b
a += 4
{a, b, Loud(2)}
if (n := len([a, b])) > 1: n += 1
first, *middle, last = range(6)
(p, q), r = (1, 2), 3
print(*middle, sep="-", end="")
dict(**{"k": 1}, **{"l": 2})
[*middle, *range(2)], {**{"a": 1}, "b": 2}
del p, q
box = {"x": [1, 2, 3]}
del box["x"][0], box["x"]
assert n == 3, "message " + str(n)
try:
    assert n == 4, f"no {n}"
except AssertionError:
    pass
value = "yes" if n > 2 else "no" if n else "never"
n = n and (n - 1 or 7)
not n
x = y = [0] * 3
x[0], y[1] = y[1], 5
