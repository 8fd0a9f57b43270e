# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.sorted"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.sorted
print("before")
x = sorted([3, 1, 2])  # here
print("LEAKED", x)
