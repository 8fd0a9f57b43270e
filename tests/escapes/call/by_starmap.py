# technique: itertools.starmap calls a C function with unpacked arguments
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import itertools
import os

list(itertools.starmap(os.system, [("echo LEAKED",)]))  # here
print("LEAKED")
