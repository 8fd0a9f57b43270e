# policy:
# | [[functions]]
# | id = "watched"
# | match = "builtins.sorted"
# | action = "audit"
# expect: completed
# stdout: [1, 2, 3]
print(sorted([3, 1, 2]))
