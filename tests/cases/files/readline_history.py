# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read | completed
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")

try:
    import readline
except ImportError:
    print("this Python has no readline")
else:
    readline.read_history_file(KEPT)
    print("LEAKED")
