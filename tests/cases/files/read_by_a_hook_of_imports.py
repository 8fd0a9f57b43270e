# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")
import io
import sys

sys.path_hooks.insert(0, io.FileIO)
sys.path.insert(0, KEPT)
try:
    import nothing_of_that_name  # here
except ImportError:
    pass
print(sys.path_importer_cache[KEPT].read())
