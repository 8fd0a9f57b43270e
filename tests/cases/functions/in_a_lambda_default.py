# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.sorted"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.sorted
f = lambda g=sorted: g([2, 1])  # here
print("LEAKED", f())
