# policy:
# | [[functions]]
# | id = "own-sort"
# | match = ["builtins.sorted", "builtins.list.sort"]
# | action = "deny"
# | called_from = "guest"
# expect: violation call
# expect-rule: own-sort
import heapq
import types
mine = types.FunctionType((lambda xs: sorted(xs)).__code__, heapq.__dict__)  # here
x = mine([2, 1])
print("LEAKED", x)
