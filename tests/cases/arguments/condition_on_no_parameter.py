# policy:
# | [[functions]]
# | id = "data-only"
# | match = "re:(os|posix)\\.system"
# | action = "deny"
# | except = { args = { cmd = ["echo *", "re:true|false"] } }
# expect: violation call
# expect-rule: data-only

# With a plain name, the policy wouldn't be accepted: the parameter is `command`.
import os

os.system("echo LEAKED")  # here
