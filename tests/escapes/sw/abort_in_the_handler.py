# technique: the handler of the exception aborts
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os

try:
    os.getpgid(0)  # here
finally:
    os.abort()
