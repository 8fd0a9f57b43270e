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
r = weakref.ref(d, os.getpgid)
del d  # here
print("LEAKED")
