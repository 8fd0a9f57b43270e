# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.fspath"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.fspath
import os


class Text(str):
    path = property(os.fspath)


x = Text("a").path  # here
print("LEAKED", x)
