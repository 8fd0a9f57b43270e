# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
import os

print(open(os.path.join(os.path.dirname(__file__), "modules", "beside.py")).read())  # here
