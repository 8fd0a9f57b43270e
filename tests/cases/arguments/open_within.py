# policy:
# | [[functions]]
# | id = "data-only"
# | match = "io.open"
# | action = "deny"
# | except = { args = { file = "{script}/data/**", mode = "r*" } }
# expect: completed
# stdout: hello

import os

HERE = os.path.dirname(os.path.abspath(__file__))

print(open(HERE + "/data/in.txt").read())
