# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "random.Random.randint"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: random.Random.randint
import random
x = random.randint(1, 2)
print("LEAKED", x)
