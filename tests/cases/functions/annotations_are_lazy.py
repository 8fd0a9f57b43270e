# python: 3.14+
# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os


def late(value: os.getpgid(0)): ...  # here


print("not evaluated")
late.__annotations__
print("LEAKED")
