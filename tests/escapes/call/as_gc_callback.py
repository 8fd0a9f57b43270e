# technique: each collection calls gc.callbacks
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import gc
import os

gc.callbacks.append(os.getpgid)
gc.collect()
print("LEAKED")
