# technique: breakpoint() calls sys.breakpointhook, here a C function
# policy:
# | [[functions]]
# | id = "no-parent"
# | match = "os.getppid"
# | action = "deny"
# expect: violation call
import os
import sys

sys.breakpointhook = os.getppid
breakpoint()  # here
print("LEAKED")
