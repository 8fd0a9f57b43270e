# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.getpgid
import os
x = sorted([0], key=os.getpgid)  # here
print("LEAKED", x)
