# technique: an exception that ends a thread is told to threading.excepthook
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import threading

threading.excepthook = os.getpgid
thread = threading.Thread(target=int, args=("x",))
thread.start()
thread.join()
print("LEAKED")
