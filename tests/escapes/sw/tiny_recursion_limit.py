# technique: the recursion limit is lowered to what is in use before the violation
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import sys

for limit in range(3, 40):
    try:
        sys.setrecursionlimit(limit)
        break
    except RecursionError:
        pass
try:
    os.getpgid(0)
except BaseException:
    pass
sys.setrecursionlimit(1000)
print("LEAKED")
