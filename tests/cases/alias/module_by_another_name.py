# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: o.system
# expect-marked: o.system("echo LEAKED")
import os as o

o.system("echo LEAKED")  # here
