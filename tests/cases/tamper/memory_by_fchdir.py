# expect: violation tamper
import os
folder = os.open("/proc/self", os.O_RDONLY)
os.fchdir(folder)
try:
    fd = os.open("./mem", os.O_RDWR)  # here
except OSError:
    pass
print("LEAKED")
