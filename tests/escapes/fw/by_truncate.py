# technique: a file outside is truncated without being opened
# policy:
# | [files]
# | write = ["{cwd}/**"]
# | [environment]
# | pass = ["CANARY_*"]
# expect: violation file-write
import os

os.truncate(os.environ["CANARY_SECRET"], 0)  # here
print("LEAKED")
