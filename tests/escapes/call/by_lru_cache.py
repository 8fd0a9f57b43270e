# technique: a cache written in C calls what it caches
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import functools
import os

print("LEAKED", functools.lru_cache(os.getpgid)(0))  # here
