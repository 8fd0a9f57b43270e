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
    for fd in range(1, 64):
        try:
            os.write(fd, b"LEAKED\n")
        except OSError:
            pass
