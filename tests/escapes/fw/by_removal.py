# technique: a file outside is removed
# policy:
# | [files]
# | write = ["{cwd}/**"]
# | [environment]
# | pass = ["CANARY_*"]
# expect: violation file-write
import os

os.unlink(os.environ["CANARY_SECRET"])  # here
print("LEAKED")
