# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "math.gcd"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: math.gcd
import functools
import math
x = functools.reduce(math.gcd, [12, 18])  # here
print("LEAKED", x)
