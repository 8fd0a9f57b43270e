# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
import os

print(next(os.walk(os.path.dirname(os.getcwd()), onerror=print)))  # here
