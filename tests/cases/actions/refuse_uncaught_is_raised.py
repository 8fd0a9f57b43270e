# policy:
# | [[functions]]
# | id = "refused"
# | match = "os.getpgid"
# | action = "refuse"
# expect: raised PolicyViolation
# not-stdout: after
import os

os.getpgid(0)
print("after")
