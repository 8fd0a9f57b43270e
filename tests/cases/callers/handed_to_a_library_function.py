# policy:
# | [[functions]]
# | id = "own-sort"
# | match = ["builtins.sorted", "builtins.list.sort"]
# | action = "deny"
# | called_from = "guest"
# tells: the nearest Python frame is the library's, but it doesn't name the function
# expect: violation call
# expect-rule: own-sort
import contextlib

with contextlib.ExitStack() as stack:
    stack.callback(sorted, [2, 1])
print("LEAKED")
