# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["__main__"]
# expect: violation call
# expect-rule: not-there

import os

os.system("echo LEAKED")  # here
