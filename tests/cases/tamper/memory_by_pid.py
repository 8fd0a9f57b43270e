# expect: violation tamper
import os
try:
    file = open(f"/proc/{os.getpid()}/mem", "rb")  # here
except OSError:
    pass
print("LEAKED")
