# policy:
# | [audit]
# | record = ["denied"]
# | arguments = "values"
# | 
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "refuse"
# expect: completed
# expect-logged: os.system(command='echo LEAKED')

import os

try:
    os.system(command="echo LEAKED")
except Exception:
    pass
