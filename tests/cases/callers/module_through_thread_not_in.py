# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["plugins.**"]
# expect: completed

import os

import threading

thread = threading.Thread(target=os.system, args=("true",))
thread.start()
thread.join()
print("done")
