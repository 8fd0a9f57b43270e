# policy:
# | [[functions]]
# | id = "data-only"
# | match = "io.FileIO"
# | action = "deny"
# | except = { args = { file = "{script}/data/**", mode = "r" } }
# expect: violation call
# expect-rule: data-only

import os

HERE = os.path.dirname(os.path.abspath(__file__))

import io

file = io.FileIO.__new__(io.FileIO, HERE + "/data/in.txt")
io.FileIO.__init__(file, HERE + "/other/secret.txt")  # here
print("LEAKED", file.read())
