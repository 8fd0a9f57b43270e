# policy:
# | [[functions]]
# | id = "nobody"
# | match = "builtins.sorted"
# | action = "deny"
# | called_from = "any"
# expect: violation call
# expect-rule: nobody
import statistics
x = statistics.median([3, 1, 2])
print("LEAKED", x)
