# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import gc
import os
import sys
sys.unraisablehook = lambda what: None


def callback(phase, info):
    os.getpgid(0)  # here


gc.callbacks.append(callback)
gc.collect()
print("LEAKED")
