# policy:
# | [[functions]]
# | id = "data-only"
# | match = "os.system"
# | action = "deny"
# | except = { args = { command = ["echo *", "re:true|false"] } }
# expect: violation call
# expect-rule: data-only

import os

HERE = os.path.dirname(os.path.abspath(__file__))

os.system("true")
os.system("true; echo LEAKED")  # here
