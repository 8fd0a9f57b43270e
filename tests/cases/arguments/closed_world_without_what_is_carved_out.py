# policy:
# | [defaults]
# | functions = "deny"
# | 
# | [[functions]]
# | id = "data-only"
# | match = ["builtins.print", "math.sqrt"]
# | action = "allow"
# | 
# | [[functions]]
# | id = "not-four"
# | match = "math.factorial"
# | action = "allow"
# | except = { args = { n = 4 } }
# | 
# | [imports]
# | allow = ["math"]
# expect: violation call
# expect-rule: defaults.functions

import math

print(math.sqrt(4), math.factorial(3))
print("LEAKED", math.factorial(4))  # here
