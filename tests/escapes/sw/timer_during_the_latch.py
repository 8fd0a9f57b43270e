# technique: a timer fires while the violation is told, and its handler leaves
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import signal


def leave(*_):
    os._exit(0)


signal.signal(signal.SIGALRM, leave)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.001)
while True:
    os.getpgid(0)  # here
