# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import atexit
import os
atexit.register(lambda: print("LEAKED"))
os.getpgid(0)  # here
