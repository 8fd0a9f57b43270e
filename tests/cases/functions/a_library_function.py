# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "textwrap.fill"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: textwrap.fill
import textwrap
f = textwrap.fill
x = f("some words", 5)
print("LEAKED", x)
