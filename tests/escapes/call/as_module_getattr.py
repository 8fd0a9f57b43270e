# technique: a missing attribute of a module calls its __getattr__, here a C function
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import os
import types

module = types.ModuleType("module")
module.__getattr__ = os.system
getattr(module, "echo LEAKED")  # here
print("LEAKED")
