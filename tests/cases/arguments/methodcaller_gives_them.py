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

import io
import operator

operator.methodcaller("open", HERE + "/data/in.txt")(io).close()
print("LEAKED", operator.methodcaller("open", HERE + "/other/secret.txt")(io).read())  # here
