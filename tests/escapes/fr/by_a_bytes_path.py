# technique: a path of bytes, with dots and doubled slashes
# policy:
# | [files]
# | read = ["{cwd}/**"]
# | [environment]
# | pass = ["CANARY_*"]
# expect: violation file-read
import os

folder, name = os.path.split(os.fsencode(os.environ["CANARY_SECRET"]))
print("LEAKED", open(folder + b"/.//" + name, "rb").read())  # here
