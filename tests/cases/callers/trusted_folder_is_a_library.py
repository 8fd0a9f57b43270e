# policy:
# | [[functions]]
# | id = "own-sort"
# | match = "builtins.sorted"
# | action = "deny"
# | called_from = "guest"
# |
# | [trust]
# | paths = ["@CASES@/callers/trusted"]
# expect: completed
# stdout: True
import os
import sys
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "trusted"))
import harness


def bubble(xs):
    xs = list(xs)
    for i in range(len(xs)):
        for j in range(i, len(xs)):
            if xs[j] < xs[i]:
                xs[i], xs[j] = xs[j], xs[i]
    return xs


print(harness.check(bubble, [3, 1, 2]))
