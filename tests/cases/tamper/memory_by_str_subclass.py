# expect: violation tamper
import os


class Path(str):
    def __str__(self):
        return "/dev/null"


try:
    file = os.open(Path("/proc/self/mem"), os.O_RDWR)  # here
except OSError:
    pass
print("LEAKED")
