# policy:
# | [[functions]]
# | id = "own-sort"
# | match = "builtins.sorted"
# | action = "deny"
# | called_from = "guest"
# |
# | [trust]
# | paths = ["@CASES@/callers/trusted"]
# expect: violation call
# expect-rule: own-sort
import os
import sys
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "trusted"))
import harness


def cheat(xs):
    return sorted(xs)  # here


print("LEAKED", harness.check(cheat, [3, 1, 2]))
