# policy:
# | [files]
# | write = ["{cwd}/**"]
# expect: completed
# stdout: fine
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")
open("out", "w").close()
print(len(open(KEPT).read()), "fine")
