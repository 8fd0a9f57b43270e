# technique: looking for an encoding calls each registered search function with its name
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import codecs
import os

codecs.register(os.system)
try:
    "".encode("echo LEAKED")  # here
except (LookupError, TypeError):
    pass
print("LEAKED")
