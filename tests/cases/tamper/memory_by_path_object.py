# tells: FileIO asks the object for its path after the hook could
# expect: violation tamper
import io


class Path:
    def __fspath__(self):
        return "/proc/self/mem"


try:
    file = io.FileIO(Path(), "r+")  # here
except OSError:
    pass
print("LEAKED")
