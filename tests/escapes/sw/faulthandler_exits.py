# technique: a watchdog of faulthandler, a thread in C, ends the process after the violation
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import faulthandler
import os

faulthandler.dump_traceback_later(0.02, exit=True)
while True:
    try:
        os.getpgid(0)  # here
    except BaseException:
        pass
