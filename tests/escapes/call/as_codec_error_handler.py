# technique: an encoder calls the handler registered for errors
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import codecs
import os

codecs.register_error("quiet", os.getpgid)
try:
    "\u20ac".encode("ascii", "quiet")  # here
except TypeError:
    pass
print("LEAKED")
