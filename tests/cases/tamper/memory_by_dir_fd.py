# expect: violation tamper
import os
folder = os.open("/proc/self", os.O_RDONLY)
try:
    fd = os.open("mem", os.O_RDWR, dir_fd=folder)  # here
except OSError:
    pass
print("LEAKED")
