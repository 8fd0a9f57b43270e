# policy:
# | [defaults]
# | functions = "deny"
# |
# | [[functions]]
# | id = "allowed"
# | match = ["builtins.print", "math.*"]
# | action = "allow"
# expect: violation call
# expect-rule: defaults.functions
# stdout: 2.0
import math
print(math.sqrt(4))
x = len("abc")  # here
print("LEAKED", x)
