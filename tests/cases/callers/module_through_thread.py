# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["__main__"]
# expect: violation call
# expect-rule: not-there

import os

import threading

thread = threading.Thread(target=os.system, args=("echo LEAKED",))
thread.start()
thread.join()
print("LEAKED")
