# policy:
# | [[functions]]
# | id = "own-sort"
# | match = ["builtins.sorted", "builtins.list.sort"]
# | action = "deny"
# | called_from = "guest"
# expect: violation call
# expect-rule: own-sort
import functools
later = functools.partial(sorted, key=None)
x = later([2, 1])  # here
print("LEAKED", x)
