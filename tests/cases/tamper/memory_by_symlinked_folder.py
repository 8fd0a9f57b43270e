# expect: violation tamper
import os
os.symlink("/proc", "data")
try:
    file = open(f"data/{os.getpid()}/mem", "rb")  # here
except OSError:
    pass
print("LEAKED")
