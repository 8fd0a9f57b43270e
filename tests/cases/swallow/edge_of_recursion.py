# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# tells: raising needs stack, too: a RecursionError in its place must not hide it
import os


def f():
    try:
        f()
    except RecursionError:
        os.getpgid(0)  # here


try:
    f()
except BaseException:
    pass
print("LEAKED")
