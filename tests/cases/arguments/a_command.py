# policy:
# | [[functions]]
# | id = "data-only"
# | match = "os.system"
# | action = "deny"
# | except = { args = { command = ["echo *", "re:true|false"] } }
# expect: completed

import os

HERE = os.path.dirname(os.path.abspath(__file__))

os.system("echo hello")
os.system("true")
os.system(command="false")
