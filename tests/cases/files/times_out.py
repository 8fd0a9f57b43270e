# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-write
# expect-rule: files.write
import os

os.utime(__file__)  # here
