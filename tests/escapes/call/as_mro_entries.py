# technique: a base that is no class is asked for __mro_entries__, here a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import types

base = types.SimpleNamespace(__mro_entries__=os.getpgid)
try:

    class Derived(base):
        pass

except TypeError:
    pass
print("LEAKED")
