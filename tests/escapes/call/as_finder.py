# technique: importlib asks each finder of sys.meta_path
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import sys
import types

sys.meta_path.insert(0, types.SimpleNamespace(find_spec=os.getpgid))
try:
    import nowhere
except (ImportError, TypeError):
    pass
print("LEAKED")
