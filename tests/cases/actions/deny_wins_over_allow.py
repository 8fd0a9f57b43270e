# policy:
# | [[functions]]
# | id = "allowed"
# | match = "builtins.sorted"
# | action = "allow"
# |
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.s*"
# | action = "deny"
# |
# | [[functions]]
# | id = "allowed-again"
# | match = "builtins.**"
# | action = "allow"
# expect: violation call
# expect-rule: forbidden
x = sorted([1])  # here
print("LEAKED", x)
