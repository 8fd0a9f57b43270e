# policy:
# | [[functions]]
# | id = "data-only"
# | match = "io.open"
# | action = "deny"
# | except = { args = { file = "{script}/data/**", mode = "r*" } }
# expect: violation call
# expect-rule: data-only

import os

HERE = os.path.dirname(os.path.abspath(__file__))

print("LEAKED", open(HERE + "/data/../other/secret.txt").read())  # here
