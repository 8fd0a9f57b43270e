# technique: reading an attribute calls __get__ of a descriptor, here a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os


class Descriptor:
    __get__ = os.getpgid


class Owner:
    member = Descriptor()


try:
    Owner().member  # here
except TypeError:
    pass
print("LEAKED")
