# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.getpid
import os


class Caller:
    __neg__ = os.getpid


x = -Caller()  # here
print("LEAKED", x)
