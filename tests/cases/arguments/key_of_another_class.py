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

class Key(str):
    def __eq__(self, other):
        return str.__eq__(self, other) or other == "file"

    def __hash__(self):
        return hash("file")


print("LEAKED", open(**{Key("file"): HERE + "/data/in.txt"}).read())  # here
