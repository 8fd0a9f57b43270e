# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-write | completed
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")

try:
    import readline
except ImportError:
    print("this Python has no readline")
else:
    readline.parse_and_bind("tab: complete")
    readline.parse_and_bind("$include " + KEPT)
    print("LEAKED")
