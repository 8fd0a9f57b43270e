# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os


def f():
    try:
        os.getpgid(0)  # here
    finally:
        return 1


print("LEAKED", f())
