"""Generators: send, throw, close, delegation, and finalisers that run late."""

log = []


def accumulate():
    total = 0
    while True:
        try:
            got = yield total
            if got is None:
                continue
            total += got
        except ValueError as error:
            log.append(str(error))
            total = 0
        finally:
            log.append(total)


def delegate():
    result = yield from inner()
    yield result


def inner():
    try:
        yield 1
        yield 2
    except KeyError:
        yield 99
    return "end"


it = accumulate()
next(it)
it.send(3); it.send(4)
it.throw(ValueError("reset"))
it.send(None)
it.send(5)
it.close()

d = delegate()
assert next(d) == 1
assert d.throw(KeyError) == 99
assert next(d) == "end"
assert list(d) == []

evens = (n for n in range(20) if n % 2 == 0)
squares = (n * n for n in evens)
assert sum(squares) == 1140


def abandoned():
    try:
        yield 1
    finally:
        log.append("closed")


g = abandoned()
next(g)
del g
assert log[-1] == "closed"
