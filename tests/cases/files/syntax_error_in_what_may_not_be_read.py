# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: completed
# stdout: fine
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")
import warnings

try:
    compile("return", KEPT, "exec")
except SyntaxError as error:
    print(error.text)
warnings.warn_explicit("shown", UserWarning, KEPT, 1)
print("fine")
