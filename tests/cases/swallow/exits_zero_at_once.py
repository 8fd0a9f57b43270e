# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os
try:
    os.getpgid(0)  # here
except BaseException:
    os._exit(0)
