# technique: writing to a link inside makes the file that it points to outside
# policy:
# | [files]
# | write = ["{cwd}/**"]
# | [environment]
# | pass = ["CANARY_*"]
# expect: violation file-write
import os

os.symlink(os.environ["CANARY_OUT"], "inside")
open("inside", "w")  # here
print("LEAKED")
