# technique: isinstance asks an abstract class, whose hook is a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import abc
import os


class Abstract(abc.ABC):
    __subclasshook__ = os.getpgid


try:
    isinstance(1, Abstract)
except (TypeError, AssertionError):
    pass
print("LEAKED")
