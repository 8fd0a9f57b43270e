# technique: every descriptor is closed before the violation
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os

os.closerange(0, 1024)
try:
    os.getpgid(0)  # here
except BaseException:
    pass
