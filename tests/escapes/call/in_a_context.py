# technique: Context.run calls a C function in a copied context
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import contextvars
import os

print("LEAKED", contextvars.copy_context().run(os.getpgid, 0))  # here
