# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "textwrap.fill"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: textwrap.fill
import textwrap
import types
f = types.FunctionType(textwrap.fill.__code__, textwrap.__dict__, "other", textwrap.fill.__defaults__)
x = f("some words", 5)
print("LEAKED", x)
