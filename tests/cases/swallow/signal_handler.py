# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os
import signal


def handler(number, frame):
    os.write(1, b"LEAKED\n")


for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGUSR1, signal.SIGHUP, signal.SIGXCPU):
    signal.signal(number, handler)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
while True:
    try:
        os.getpgid(0)  # here
    except BaseException:
        pass
