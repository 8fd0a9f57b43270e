# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.getpid
import os
x = next(iter(os.getpid, None))  # here
print("LEAKED", x)
