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

from functools import partial

partial(open, HERE + "/data/in.txt")().close()
read = partial(open, mode="r")
print("LEAKED", read(HERE + "/other/secret.txt").read())  # here
