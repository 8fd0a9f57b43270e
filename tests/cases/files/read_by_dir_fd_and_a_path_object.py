# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")


class Name:
    def __fspath__(self):
        open("notes.txt", "w").write("decoy")
        return "notes.txt"


folder = os.open(os.path.dirname(KEPT), os.O_PATH)
print(os.read(os.open(Name(), os.O_RDONLY, dir_fd=folder), 100))  # here
