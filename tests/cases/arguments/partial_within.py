# policy:
# | [[functions]]
# | id = "data-only"
# | match = "io.open"
# | action = "deny"
# | except = { args = { file = "{script}/data/**", mode = "r*" } }
# expect: completed

import os

HERE = os.path.dirname(os.path.abspath(__file__))

from functools import partial

partial(open, HERE + "/data/in.txt")().close()
partial(open, mode="rb")(HERE + "/data/in.txt").close()
