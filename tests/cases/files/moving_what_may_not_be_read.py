# policy:
# | [files]
# | read = ["{cwd}/seen/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
import os

os.mkdir("drop")
os.mkdir("seen")
open("drop/x", "w").close()
os.rename("drop/x", "seen/x")  # here
