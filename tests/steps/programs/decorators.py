"""Decorators: plain, with arguments, stacked, on classes and methods, from functools."""

import functools


def plain(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper


def repeat(
    times,
):
    def decorate(function):
        def wrapper(*args):
            for _ in range(times):
                result = function(*args)
            return result
        return wrapper
    return decorate


class Counted:
    def __init__(self, function):
        self.function = function
        self.calls = 0

    def __call__(self, *args):
        self.calls += 1
        return self.function(*args)


@plain
@repeat(
    times=3,
)
@Counted
def add(a, b):
    return a + b


@functools.lru_cache(maxsize=None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@functools.singledispatch
def show(value):
    return "object"


@show.register
def _(value: int):
    return "int"


@functools.total_ordering
class Version:
    def __init__(self, n): self.n = n
    def __eq__(self, other): return self.n == other.n
    def __lt__(self, other): return self.n < other.n


add(1, 2)
fibonacci(15)
show(1), show("x")
Version(1) >= Version(2)
sorted([Version(3), Version(1), Version(2)])
functools.reduce(lambda a, b: a * b, range(1, 6))
functools.partial(add, 1)(2)
