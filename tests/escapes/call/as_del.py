# technique: the end of an object calls __del__, here a C function
# policy:
# | [[functions]]
# | id = "no-parent"
# | match = "os.getppid"
# | action = "deny"
# expect: violation call
import os


class Ends:
    __del__ = os.getppid


Ends()
print("LEAKED")
