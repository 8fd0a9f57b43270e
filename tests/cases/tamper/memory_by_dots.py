# expect: violation tamper
try:
    file = open("/proc/self/../self/fd/../mem", "rb")  # here
except OSError:
    pass
print("LEAKED")
