# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os
for n in range(2):
    try:
        os.getpgid(0)  # here
    finally:
        continue
print("LEAKED")
