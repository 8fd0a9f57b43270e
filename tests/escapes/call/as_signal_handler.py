# technique: a signal calls its handler, here a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import signal

signal.signal(signal.SIGUSR1, os.getpgid)
try:
    signal.raise_signal(signal.SIGUSR1)
    for _ in range(10):
        pass
except TypeError:
    pass
print("LEAKED")
