# technique: the hook for lost exceptions eats the violation of a finaliser
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import sys

sys.unraisablehook = lambda *_: None


class Ends:
    def __del__(self):
        os.getpgid(0)  # here


Ends()
print("LEAKED")
