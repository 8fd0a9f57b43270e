# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")
folder = os.open("/", os.O_PATH)
print(open(f"/proc/thread-self/fd/{folder}{KEPT}").read())  # here
