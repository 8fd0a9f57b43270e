# policy:
# | [[functions]]
# | id = "own-sort"
# | match = ["builtins.sorted", "builtins.list.sort"]
# | action = "deny"
# | called_from = "guest"
# expect: violation call
# expect-rule: own-sort
import functools


cached = functools.lru_cache(sorted)
x = cached((2, 1))  # here
print("LEAKED", x)
