"""Class bodies: docstrings, nesting, inheritance, super, slots, class and static methods."""


class Base:
    """Docstring."""

    count: int = 0
    for i in range(2):
        count += i
    if count:
        flag = True
    else:
        flag = False

    def __init__(self, name):
        self.name = name
        type(self).count += 1

    @classmethod
    def make(cls, *args):
        return cls(*args)

    @staticmethod
    def helper(x):
        return x + 1

    @property
    def upper(self):
        return self.name.upper()

    @upper.setter
    def upper(self, value):
        self.name = value.lower()

    class Inner:
        value = 3
        double = property(lambda self: self.value * 2)


class Left(Base):
    def __init__(self, name):
        super().__init__(name + "l")


class Right(Base):
    __slots__ = ("extra",)

    def __init__(self, name):
        super().__init__(name + "r")
        self.extra = name


class Both(
    Left,
    Right,
):
    def __repr__(self): return f"{self.name}!"
    def __len__(self): return len(self.name)
    def __bool__(self): return self.name != ""
    def __getitem__(self, i): return self.name[i]
    def __contains__(self, x): return x in self.name
    def __iter__(self):
        yield from self.name
    def __call__(self, n): return n
    def __add__(self, other): return self.name + str(other)
    __radd__ = __add__
    def __hash__(self): return 1
    def __eq__(self, other): return True


b = Both.make("x")
b.upper = "QQ"
b.upper, Base.helper(2), Base.Inner().double
repr(b), len(b), bool(b), b[0], "q" in b, list(b), b(3), b + 1, 1 + b
{b: 1}[b]
local = type("Made", (Base,), {"extra": lambda self: self.name})
local("y").extra()
