# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.getpid
import contextvars
import os
x = contextvars.copy_context().run(os.getpid)  # here
print("LEAKED", x)
