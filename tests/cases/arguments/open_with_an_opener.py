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

def other(path, flags):
    return os.open(HERE + "/other/secret.txt", flags)


print("LEAKED", open(HERE + "/data/in.txt", opener=other).read())  # here
