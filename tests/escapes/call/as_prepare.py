# technique: a class statement asks its metaclass for a namespace by __prepare__, here a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import types

meta = types.SimpleNamespace(__prepare__=os.getpgid)
try:

    class Made(metaclass=meta):
        pass

except TypeError:
    pass
print("LEAKED")
