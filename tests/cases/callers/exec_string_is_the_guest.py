# policy:
# | [[functions]]
# | id = "own-sort"
# | match = ["builtins.sorted", "builtins.list.sort"]
# | action = "deny"
# | called_from = "guest"
# expect: violation call
# expect-rule: own-sort
exec(compile("print('LEAKED', sorted([2, 1]))", "/usr/lib/python3/heapq.py", "exec"), {"__name__": "heapq"})
