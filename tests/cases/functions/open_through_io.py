# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.open"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.open
import io
x = io.open("/etc/hostname")  # here
print("LEAKED", x)
