# technique: a subscript of a class calls __class_getitem__, here a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os


class Box:
    __class_getitem__ = os.getpgid


print("LEAKED", Box[0])  # here
