# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "math.hypot"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: math.hypot
import math
x = math.hypot(*[3, 4], **{})  # here
print("LEAKED", x)
