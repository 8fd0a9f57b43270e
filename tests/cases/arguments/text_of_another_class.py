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

class Text(str):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(HERE + "/data/in.txt")

    def __fspath__(self):
        return HERE + "/other/secret.txt"


print("LEAKED", open(Text(HERE + "/data/in.txt")).read())  # here
