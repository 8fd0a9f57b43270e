# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# tells: the other thread runs already when the violation is latched
import os
import threading
ready, over = threading.Event(), []


def other():
    ready.set()
    while not over:
        pass
    while True:
        print("LEAKED")


threading.Thread(target=other, daemon=True).start()
ready.wait()
try:
    os.getpgid(0)  # here
finally:
    over.append(1)
