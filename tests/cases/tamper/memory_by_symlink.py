# expect: violation tamper
import os
os.symlink("/proc/self/mem", "innocent.txt")
try:
    file = open("innocent.txt", "r+b", buffering=0)  # here
except OSError:
    pass
print("LEAKED")
