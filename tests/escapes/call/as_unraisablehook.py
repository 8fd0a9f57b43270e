# technique: an exception in a finaliser is told to sys.unraisablehook, here a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import sys

sys.unraisablehook = os.getpgid


class Fails:
    def __del__(self):
        raise ValueError


Fails()
print("LEAKED")
