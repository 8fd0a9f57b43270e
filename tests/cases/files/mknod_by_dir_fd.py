# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-write
# expect-rule: files.write
import os

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "made")
os.mknod("made", dir_fd=os.open(os.path.dirname(OUT), os.O_PATH))  # here
