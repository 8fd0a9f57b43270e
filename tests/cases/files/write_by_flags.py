# policy:
# | [files]
# | write = ["{cwd}/**"]
# expect: violation file-write
# expect-rule: files.write
import os

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "made")
os.open(OUT, os.O_RDONLY | os.O_CREAT)  # here
