# technique: a namespace with builtins of its own: the class statement calls what is there
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os

try:
    exec("class Made: pass", {"__builtins__": {"__build_class__": os.getpgid}, "__name__": "x"})
except TypeError:
    pass
print("LEAKED")
