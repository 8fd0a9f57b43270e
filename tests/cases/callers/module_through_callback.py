# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["__main__"]
# expect: violation call
# expect-rule: not-there

import os

import re

re.sub("x", lambda m: str(os.system("echo LEAKED")), "x")  # here
