# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.system
import atexit
import os
atexit.register(os.system, "echo LEAKED")
print("the end")
