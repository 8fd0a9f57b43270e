# technique: an uncaught exception is told to sys.excepthook, here a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import sys

sys.excepthook = os.getpgid
raise ValueError
