# expect: violation tamper
import pathlib
try:
    pathlib.Path("/proc/self/mem").open("rb")
except OSError:
    pass
print("LEAKED")
