# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["plugins.**"]
# expect: completed

import os

import functools

functools.lru_cache(os.system)("true")
