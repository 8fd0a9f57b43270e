# technique: the handler of the exception ends the process at once with status 0
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os

try:
    os.getpgid(0)  # here
except BaseException:
    os._exit(0)
