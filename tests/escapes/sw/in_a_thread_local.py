# technique: the end of a thread ends its locals: a finaliser in C runs the guest
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import threading

local = threading.local()


class Ends:
    def __del__(self):
        os.getpgid(0)  # here


def work():
    local.value = Ends()


thread = threading.Thread(target=work)
thread.start()
thread.join()
print("LEAKED")
