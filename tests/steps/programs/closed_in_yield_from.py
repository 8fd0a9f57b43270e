# A generator that is closed while it waits in `yield from`, once its code is warm.
def numbers():
    yield from range(2)
    yield 3


def nested():
    try:
        yield from numbers()
    finally:
        pass


def close_early(make):
    generator = make()
    next(generator); generator.close()


for make in (numbers, nested):
    for number in make():
        pass
    for turn in range(3):
        close_early(make)
