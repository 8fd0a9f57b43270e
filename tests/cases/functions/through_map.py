# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.getpgid
import os
x = list(map(os.getpgid, [0]))  # here
print("LEAKED", x)
