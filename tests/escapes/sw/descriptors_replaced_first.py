# technique: every descriptor is replaced by /dev/null before the violation
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os

null = os.open("/dev/null", os.O_RDWR)
for descriptor in range(256):
    try:
        os.dup2(null, descriptor)
    except OSError:
        pass
try:
    os.getpgid(0)  # here
except BaseException:
    pass
