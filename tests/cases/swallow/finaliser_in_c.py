# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os
import sys
import weakref
sys.unraisablehook = lambda what: None


class D:
    pass


d = D()
weakref.finalize(d, os.getpgid, 0)
del d
print("LEAKED")
