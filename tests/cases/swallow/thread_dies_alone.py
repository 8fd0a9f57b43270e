# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os
import threading
threading.excepthook = lambda what: print("LEAKED")


def work():
    os.getpgid(0)  # here


thread = threading.Thread(target=work)
thread.start()
thread.join()
print("LEAKED")
