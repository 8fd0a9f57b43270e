# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")

folder = os.open(os.path.dirname(KEPT), os.O_PATH)
name = os.path.basename(KEPT)
open(name, "w").write("decoy")
print(os.read(os.open(name, os.O_RDONLY, dir_fd=folder), 100))  # here
