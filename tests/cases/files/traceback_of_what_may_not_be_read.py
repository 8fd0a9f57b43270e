# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: raised ZeroDivisionError
# stdout: notes.txt", line 1
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")
import sys

sys.stderr = sys.stdout
exec(compile("1/0", KEPT, "exec"))
