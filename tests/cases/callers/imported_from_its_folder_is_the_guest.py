# policy:
# | [[functions]]
# | id = "own-sort"
# | match = ["builtins.sorted", "builtins.list.sort"]
# | action = "deny"
# | called_from = "guest"
# expect: violation call
# expect-rule: own-sort
from modules import sorter
x = sorter.arrange([2, 1])
print("LEAKED", x)
