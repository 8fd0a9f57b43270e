# technique: the output goes to a replaced sys.stdout, whose write is a C function
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import os
import sys
import types

sys.stdout = types.SimpleNamespace(write=os.system, flush=int)
print("echo LEAKED")  # here
sys.__stdout__.write("LEAKED")
