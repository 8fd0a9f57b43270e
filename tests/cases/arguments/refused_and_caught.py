# policy:
# | [[functions]]
# | id = "data-only"
# | match = "os.system"
# | action = "refuse"
# | except = { args = { command = ["echo *", "re:true|false"] } }
# expect: completed
# stdout: refused

import os

HERE = os.path.dirname(os.path.abspath(__file__))

for command in ["echo hello", "echo>LEAKED"]:
    try:
        os.system(command)
    except Exception as error:
        print("refused", type(error).__name__)
