# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: s
# expect-marked: s("echo LEAKED")
import os

s = len
for turn in range(200):
    if turn == 199:
        s = os.system
    s("echo LEAKED")  # here
