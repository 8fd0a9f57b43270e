# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")
from importlib.machinery import SourceFileLoader

print(SourceFileLoader("notes", KEPT).get_data(KEPT))  # here
