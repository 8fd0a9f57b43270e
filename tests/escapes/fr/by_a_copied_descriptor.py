# technique: a link made in the folder that may be read leads out of it
# policy:
# | [files]
# | read = ["{cwd}/**"]
# | [environment]
# | pass = ["CANARY_*"]
# expect: violation file-read
import os

os.symlink(os.path.dirname(os.environ["CANARY_SECRET"]), "inside")
print("LEAKED", open("inside/secret").read())  # here
