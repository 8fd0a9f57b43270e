# tells: rules on all constructors leave the classes of the guest and of libraries working
# policy:
# | [[functions]]
# | id = "watched"
# | match = ["builtins.**", "collections.**"]
# | action = "audit"
# expect: completed
# stdout: ok
import collections
import enum
import json


class Plain:
    def __init__(self, value):
        self.value = value


class Colour(enum.Enum):
    RED = 1


class Text(str):
    def __new__(cls, value):
        return super().__new__(cls, value)


Point = collections.namedtuple("Point", "x y")
assert Point(1, 2) == (1, 2) and Plain(3).value == 3 and Text("t") == "t"
assert Colour(1) is Colour.RED and json.loads("[1]") == [1]
try:
    object.__new__(Plain, 1), object(1)
except TypeError:
    print("ok")
