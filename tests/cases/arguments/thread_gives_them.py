# policy:
# | [[functions]]
# | id = "data-only"
# | match = "io.open"
# | action = "deny"
# | except = { args = { file = "{script}/data/**", mode = "r*" } }
# expect: violation call
# expect-rule: data-only

import os

HERE = os.path.dirname(os.path.abspath(__file__))

import threading

thread = threading.Thread(target=open, args=(HERE + "/other/secret.txt",))
thread.start()
thread.join()
print("LEAKED")
