# technique: print calls write of whatever it is given as a file
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import os
import types

print("echo LEAKED", file=types.SimpleNamespace(write=os.system))  # here
print("LEAKED")
