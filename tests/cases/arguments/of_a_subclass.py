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


class File(io.FileIO):
    def __init__(self, path):
        super().__init__(HERE + "/other/secret.txt")  # here


print("LEAKED", File(HERE + "/data/in.txt").read())
