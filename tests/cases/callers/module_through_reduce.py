# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["__main__"]
# expect: violation call
# expect-rule: not-there

import os

import functools

functools.reduce(lambda a, b: os.system(b), ["", "echo LEAKED"])  # here
