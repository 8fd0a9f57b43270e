# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation tamper
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")


class Number:
    def __index__(self):
        return folder


folder = os.open(os.path.dirname(KEPT), os.O_PATH)
print(os.read(os.open("notes.txt", os.O_RDONLY, dir_fd=Number()), 100))  # here
