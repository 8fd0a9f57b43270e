# policy:
# | [defaults]
# | functions = "deny"
# |
# | [[functions]]
# | id = "allowed"
# | match = ["builtins.print"]
# | action = "allow"
# expect: violation call
# expect-rule: defaults.functions
x = "text".upper()  # here
print("LEAKED", x)
