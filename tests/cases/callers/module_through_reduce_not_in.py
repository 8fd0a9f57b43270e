# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["plugins.**"]
# expect: completed

import os

import functools

functools.reduce(lambda a, b: os.system(b), ["", "true"])
