# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os
hits = 0
while hits < 3:
    try:
        os.getpgid(0)  # here
    except:
        hits += 1
print("LEAKED", hits)
