# expect: violation tamper
import io
try:
    file = io.FileIO(b"/proc/self/mem", "r+")  # here
except OSError:
    pass
print("LEAKED")
