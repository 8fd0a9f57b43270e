"""Attribute hooks, finalisers, weak references, recursion through __getattr__."""

import weakref

log = []


class Lazy:
    def __getattr__(self, name):
        if name.startswith("a"):
            return getattr(self, "b" + name[1:])
        if name == "bcd":
            return 42
        raise AttributeError(name)

    def __setattr__(self, name, value):
        log.append(name)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        log.append("-" + name)
        object.__delattr__(self, name)

    def __dir__(self):
        return ["acd"]


class Deep:
    depth = 0

    def __getattr__(self, name):
        number = int(name[1:])
        if number == 0:
            return self
        return getattr(self, f"n{number - 1}")


class Final:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)
        try:
            raise ValueError
        except ValueError:
            log.append("inside")


class Spy:
    def __getattribute__(self, name):
        log.append(name)
        return super().__getattribute__(name)


lazy = Lazy()
lazy.acd
hasattr(lazy, "missing")
lazy.x = 1
del lazy.x
dir(lazy)
Deep().n10
Final("dropped")
kept = Final("kept")
kept = None
a, b = Final("a"), Final("b")
a.other, b.other = b, a
reference = weakref.ref(a, lambda r: log.append("dead"))
Spy().__class__
getattr(lazy, "nothing", None)
cycle = []
cycle.append(cycle)
