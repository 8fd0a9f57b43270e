# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os
try:
    try:
        os.getpgid(0)  # here
    finally:
        raise KeyError("another")
except KeyError:
    print("LEAKED")
