# policy:
# | [[functions]]
# | id = "forbidden"
# | match = 're:^os\.(spawn|exec)[lv]p?e?$'
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# stdout: may look
import os
print("may look", os.getcwd() != "")
os.execv("/bin/echo", ["echo", "LEAKED"])  # here
