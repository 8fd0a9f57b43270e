"""The iterator protocol by hand, __getitem__ iteration, reversed, zip, enumerate."""


class Count:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Indexed:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError(i)
        return i

    def __len__(self):
        return 3


for n in Count(3):
    pass
for n in Indexed(): pass
list(reversed(Indexed()))
dict(zip(Count(3), Indexed()))
for i, (a, b) in enumerate(zip(Count(2), Count(3)), start=1):
    total = i + a + b
sum(Count(4)), max(Count(4)), list(Count(2)), tuple(Count(2)), set(Count(2))
a, b = Count(2)
first, *rest = Count(4)
1 in Count(3)
[*Count(2)]
"".join(str(n) for n in Count(3))
it = iter(Count(3))
next(it), next(it), next(it), next(it, None)
def chain(*iterables):
    for iterable in iterables:
        for element in iterable:
            yield element
list(chain(Count(2), Indexed(), "ab"))
