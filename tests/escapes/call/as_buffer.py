# technique: memoryview asks for __buffer__, here a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# python: 3.12+
# expect: violation call
import os


class Buffer:
    __buffer__ = os.getpgid


try:
    memoryview(Buffer())  # here
except TypeError:
    pass
print("LEAKED")
