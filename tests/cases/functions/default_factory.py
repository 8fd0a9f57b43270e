# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.getpid
import collections
import os
x = collections.defaultdict(os.getpid)[0]  # here
print("LEAKED", x)
