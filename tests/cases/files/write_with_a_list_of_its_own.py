# policy:
# | [files]
# | write = ["{cwd}/**"]
# expect: violation file-write
# expect-rule: files.write
import os

os.mkdir("folder")
open("../out", "w")  # here
