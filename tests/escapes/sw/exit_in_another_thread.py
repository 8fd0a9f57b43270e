# technique: while the violation is latched another thread ends the process as if all were well
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call | crashed
import os
import threading

ready = threading.Event()


def leave():
    ready.wait()
    while True:
        os._exit(0)


threading.Thread(target=leave, daemon=True).start()
ready.set()
os.getpgid(0)
