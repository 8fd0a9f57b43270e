"""match: literals, captures, sequences, mappings, classes, guards, alternatives."""

from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int


class Colour:
    RED = "red"


def describe(thing):
    match thing:
        case 0 | 1:
            return "small"
        case int(n) if n > 100:
            return "large"
        case int():
            return "int"
        case Colour.RED:
            return "red"
        case str() as text:
            return text.upper()
        case []:
            return "empty"
        case [one]:
            return one
        case [first, *rest] if first == "sum":
            return sum(rest)
        case [_, _, *_]:
            return "long"
        case {"kind": kind, **others}:
            return kind, len(others)
        case Point(x=0, y=0):
            return "origin"
        case Point(x, y) if (
            x
            == y
        ):
            return "diagonal"
        case Point():
            return "point"
        case None:
            return "none"
        case _:
            return "?"


things = [0, 1, 500, 50, "red", "word", [], [7], ["sum", 1, 2], [1, 2, 3],
          {"kind": "k", "a": 1}, {"other": 1}, Point(0, 0), Point(2, 2), Point(1, 2), None, 1.5]
results = [describe(thing) for thing in things]
for thing in things:
    match thing:
        case {"a": _}: continue
        case None: break
