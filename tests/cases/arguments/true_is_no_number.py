# policy:
# | [[functions]]
# | id = "data-only"
# | match = "os.open"
# | action = "deny"
# | except = { args = { path = "{script}/data/**", flags = 0 } }
# expect: violation call
# expect-rule: data-only

import os

HERE = os.path.dirname(os.path.abspath(__file__))

os.open(HERE + "/data/in.txt", False)  # here
