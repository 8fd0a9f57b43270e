# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# tells: C code that runs on after the violation sees no event: only the kill ends it
import os
try:
    os.getpgid(0)  # here
except BaseException:
    sum(range(10 ** 12))
