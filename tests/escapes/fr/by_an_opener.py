# technique: the opener of open goes to the file by a descriptor of its folder
# policy:
# | [files]
# | read = ["{cwd}/**"]
# | [environment]
# | pass = ["CANARY_*"]
# expect: violation file-read
import os

folder, name = os.path.split(os.environ["CANARY_SECRET"])
here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
print("LEAKED", open(name, opener=lambda path, flags: os.open(path, flags, dir_fd=here)).read())
