# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: -
# expect-marked: system("echo LEAKED")
from os import system

system("echo LEAKED")  # here
