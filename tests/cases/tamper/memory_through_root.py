# expect: violation tamper
try:
    file = open("/proc/self/root/proc/self/mem", "rb")  # here
except OSError:
    pass
print("LEAKED")
