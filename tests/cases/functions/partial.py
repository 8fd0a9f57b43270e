# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.getpgid
import functools
import os
later = functools.partial(os.getpgid, 0)
x = later()  # here
print("LEAKED", x)
