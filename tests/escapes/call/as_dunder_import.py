# technique: builtins.__import__ is replaced by a C function: the import statement calls it
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import builtins
import os

kept = builtins.__import__
builtins.__import__ = os.getpgid
try:
    import anything
except TypeError:
    pass
builtins.__import__ = kept
print("LEAKED")
