# policy:
# | [[functions]]
# | id = "own-sort"
# | match = "builtins.sorted"
# | action = "deny"
# | called_from = "guest"
# expect: violation call
# expect-rule: own-sort
import os
import sys
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "trusted"))
import harness
print("LEAKED", harness.check(list, [3, 1, 2]))
