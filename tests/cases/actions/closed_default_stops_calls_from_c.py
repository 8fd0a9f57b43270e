# policy:
# | [defaults]
# | functions = "deny"
# |
# | [[functions]]
# | id = "allowed"
# | match = ["builtins.print", "builtins.map", "builtins.list"]
# | action = "allow"
# expect: violation call
# expect-rule: defaults.functions
import os
x = list(map(os.getpgid, [0]))  # here
print("LEAKED", x)
