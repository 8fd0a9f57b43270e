# technique: the scanner written in C calls parse_int
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import json
import os

try:
    json.loads("1", parse_int=os.getpgid)
except TypeError:
    pass
print("LEAKED")
