# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.str.upper"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.str.upper
import operator
x = operator.methodcaller("upper")("text")  # here
print("LEAKED", x)
