# technique: a finaliser holds the C function itself; a collection calls it from C
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-rule: no-shell
import os
import weakref


class Held:
    pass


held = Held()
weakref.finalize(held, os.system, "echo LEAKED")
del held
print("LEAKED")
