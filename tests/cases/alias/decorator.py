# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: s
# expect-marked: s
import os

s = os.system


@s  # here
def f():
    pass
