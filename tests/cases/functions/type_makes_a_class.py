# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.type"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.type
x = type("Made", (), {})  # here
print("LEAKED", x)
