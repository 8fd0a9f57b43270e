# expect: violation tamper
import os
os.chdir("/proc/self")
try:
    file = open("mem", "r+b", buffering=0)  # here
except OSError:
    pass
print("LEAKED")
