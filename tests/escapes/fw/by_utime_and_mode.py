# technique: what a file outside is like is changed
# policy:
# | [files]
# | write = ["{cwd}/**"]
# | [environment]
# | pass = ["CANARY_*"]
# expect: violation file-write
import os

os.chmod(os.environ["CANARY_SECRET"], 0o777)  # here
print("LEAKED")
