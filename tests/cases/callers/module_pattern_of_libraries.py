# policy:
# | [[functions]]
# | id = "not-there"
# | match = "builtins.sorted"
# | action = "deny"
# | called_from = ["heapq", "statistics"]
# expect: violation call
# expect-rule: not-there

import statistics

sorted([2, 1])
print("LEAKED", statistics.median([3, 1]))  # here
