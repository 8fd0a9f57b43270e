# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: -
# expect-marked: os.system("echo LEAKED")
import os

x = [os.system("echo LEAKED")]  # here
