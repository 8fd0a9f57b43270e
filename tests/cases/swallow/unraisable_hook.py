# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os
import sys
sys.unraisablehook = lambda what: print("LEAKED")


class D:
    def __del__(self):
        os.getpgid(0)  # here


D()
