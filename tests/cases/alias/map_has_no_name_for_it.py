# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: -
# expect-marked: list(map(s, ["echo LEAKED"]))
import os

s = os.system
list(map(s, ["echo LEAKED"]))  # here
