# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "elsewhere.py")
import sys

sys.path.insert(0, "/etc")
try:
    import nothing_of_that_name  # here
except ImportError:
    pass
