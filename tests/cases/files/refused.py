# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# | action = "refuse"
# expect: completed
# stdout: True True
# stdout: fine
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")

import errno

for act in (open, os.remove, os.listdir):
    try:
        act(KEPT)
        print("LEAKED")
    except PermissionError as error:
        print(error.errno == errno.EACCES, error.filename == KEPT)
print("fine")
