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

for path in [HERE + "/data/in.txt"] * 100 + [HERE + "/other/secret.txt"]:
    io.FileIO(path).close()  # here
print("LEAKED")
