# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import contextlib
import os
with contextlib.suppress(BaseException):
    os.getpgid(0)  # here
print("LEAKED")
