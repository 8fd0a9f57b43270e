# policy:
# | [[functions]]
# | id = "refused"
# | match = "os.getpgid"
# | action = "refuse"
# |
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os
try:
    os.getpgid(0)  # here
except PermissionError:
    print("LEAKED")
