# policy:
# | [[functions]]
# | id = "data-only"
# | match = "io.open"
# | action = "deny"
# | except = { args = { file = "{script}/data/**", mode = "r*" } }
# expect: completed

import os

HERE = os.path.dirname(os.path.abspath(__file__))

import threading

thread = threading.Thread(target=open, args=(HERE + "/data/in.txt",), kwargs={"mode": "r"})
thread.start()
thread.join()
