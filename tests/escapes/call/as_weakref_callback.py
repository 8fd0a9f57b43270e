# technique: the end of an object calls the callback of a weak reference
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import weakref


class Held:
    pass


held = Held()
watch = weakref.ref(held, os.getpgid)
del held
print("LEAKED")
