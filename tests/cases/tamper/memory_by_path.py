# expect: violation tamper
try:
    file = open("/proc/self/mem", "r+b", buffering=0)  # here
except OSError:
    pass
print("LEAKED")
