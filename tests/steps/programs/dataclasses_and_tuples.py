"""Classes whose methods the standard library writes: dataclass, namedtuple, Enum."""

import dataclasses
import enum
import typing
from collections import namedtuple


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0
    tags: list = dataclasses.field(default_factory=list, compare=False)

    def __post_init__(self):
        self.tags.append(self.x)


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    name: str
    size: int = 1


Pair = namedtuple("Pair", "left right", defaults=[0])


class Typed(typing.NamedTuple):
    a: int
    b: str = "b"

    def both(self):
        return f"{self.a}{self.b}"


class Colour(enum.Enum):
    RED = 1
    GREEN = 2

    @property
    def lower(self):
        return self.name.lower()


class Flags(enum.IntFlag):
    A = enum.auto()
    B = enum.auto()


points = sorted([Point(2, 1), Point(1), Point(1, -1)])
assert points[0] == Point(1, -1)
repr(points[0])
frozen = Frozen("n")
try:
    frozen.size = 2
except dataclasses.FrozenInstanceError:
    pass
{frozen: 1}[Frozen("n")]
dataclasses.replace(frozen, size=4)
pair = Pair(1)
pair._replace(right=3)
left, right = pair
Typed(1).both()
Colour["RED"].lower, Colour(2), list(Colour)
Flags.A | Flags.B
