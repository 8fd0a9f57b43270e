# policy:
# | [audit]
# | record = ["denied"]
# | arguments = "values"
# | 
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-logged: os.system('echo LEAKED')

import os

os.system("echo LEAKED")  # here
