# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
# expect-subject: ..
import os

print(os.listdir(".."))  # here
