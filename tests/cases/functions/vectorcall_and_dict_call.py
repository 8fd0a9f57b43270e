# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "math.prod"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: math.prod
import math
x = math.prod.__call__([2, 3], start=2)  # here
print("LEAKED", x)
