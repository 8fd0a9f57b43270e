# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: t["\x1b"]
# expect-marked: t["\x1b"]("echo LEAKED")
import os

t = {"\x1b": os.system}
t["\x1b"]("echo LEAKED")  # here
