# technique: importlib asks each path hook about each entry of sys.path
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import os
import sys

sys.path_hooks.insert(0, os.system)
sys.path.insert(0, "echo LEAKED")
try:
    import nowhere
except ImportError:
    pass
print("LEAKED")
