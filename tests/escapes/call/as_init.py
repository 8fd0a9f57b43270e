# technique: making an instance calls __init__, here a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os


class Made:
    __init__ = os.getpgid


try:
    Made(0)  # here
except TypeError:
    pass
print("LEAKED")
