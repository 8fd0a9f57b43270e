# policy:
# | [[functions]]
# | id = "data-only"
# | match = "io.FileIO"
# | action = "deny"
# | except = { args = { file = "{script}/data/**", mode = "r" } }
# expect: completed

import os

HERE = os.path.dirname(os.path.abspath(__file__))

import io

io.FileIO(HERE + "/data/in.txt").close()
io.FileIO(file=HERE + "/data/in.txt", mode="r").close()
