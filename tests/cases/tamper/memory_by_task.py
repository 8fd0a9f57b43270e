# expect: violation tamper
import os
try:
    file = open(f"/proc/self/task/{os.getpid()}/mem", "rb")  # here
except OSError:
    pass
print("LEAKED")
