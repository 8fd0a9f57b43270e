"""Guest functions that C code calls: sort keys, map, filter, reduce, iter, min, slots."""

import bisect
import functools
import heapq
import itertools
import operator
import re


def key(n):
    remainder = n % 3
    return remainder, n


def double(n):
    return n * 2


def odd(n): return n % 2


class Item:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        result = self.n < other.n
        return result

    def value(self):
        return self.n


def compare(a, b):
    if a < b:
        return -1
    return a > b


sorted(range(7), key=key)
[5, 3, 1].sort(key=double)
list(map(double, range(4)))
list(filter(odd, range(5)))
functools.reduce(lambda a, b: a + b, range(5))
sorted([3, 1, 2], key=functools.cmp_to_key(compare))
max([Item(1), Item(3), Item(2)])
heap = []
for n in (3, 1, 2): heapq.heappush(heap, Item(n))
while heap: heapq.heappop(heap)
countdown = [3]


def tick():
    countdown[0] -= 1
    return countdown[0]


list(iter(tick, 0))
re.sub(r"\d", lambda m: str(int(m[0]) + 1), "a1b2")
list(itertools.takewhile(lambda n: n < 3, itertools.count()))
[list(g) for _, g in itertools.groupby([1, 1, 2], key=double)]
operator.methodcaller("value")(Item(1))
bisect.insort([Item(1), Item(3)], Item(2))
functools.partial(double, 4)()
list(map(lambda a, b: a + b, [1, 2], [3, 4]))
heapq.nsmallest(2, [3, 1, 2], key=double)
