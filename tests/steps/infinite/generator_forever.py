"""An endless generator drained by a one-line loop."""


def naturals():
    n = 0
    while True:
        yield n
        n += 1


for n in naturals(): pass
