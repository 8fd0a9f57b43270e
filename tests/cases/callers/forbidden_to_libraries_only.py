# policy:
# | [[functions]]
# | id = "library-may-not"
# | match = "builtins.sorted"
# | action = "deny"
# | called_from = "library"
# expect: violation call
# expect-rule: library-may-not
# stdout: [1, 2]
import heapq
print(sorted([2, 1]))
x = heapq.nsmallest(2, [3, 1, 2], key=lambda n: -n)
import statistics
print(statistics.median([3, 1, 2]))
print("LEAKED", x)
