# technique: the handler of the exception kills the process
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import signal

try:
    os.getpgid(0)  # here
except BaseException:
    os.kill(os.getpid(), signal.SIGKILL)
