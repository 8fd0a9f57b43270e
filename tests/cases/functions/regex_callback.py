# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.ascii"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.ascii
import re
x = re.sub("a", ascii, "bab")  # here
print("LEAKED", x)
