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

s = os.system
print("ÄÖÜ€", s("echo LEAKED"))  # here
