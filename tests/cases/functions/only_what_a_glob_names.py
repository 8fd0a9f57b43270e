# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "math.*"
# | action = "deny"
# | except = { match = ["math.sqrt", "math.f*"] }
# expect: violation call
# expect-rule: forbidden
# expect-subject: math.gcd
# stdout: 2.0 3
import cmath
import math
print(math.sqrt(4), math.floor(3.7), cmath.sqrt(4))
x = math.gcd(4, 6)  # here
print("LEAKED", x)
