# expect: violation tamper
import os
try:
    fd = os.open("/proc/self/mem", os.O_RDONLY)  # here
except OSError:
    pass
print("LEAKED")
