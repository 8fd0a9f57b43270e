# policy:
# | [files]
# | read = ["{cwd}/seen/**"]
# | write = ["{cwd}/out/**"]
# expect: completed
# stdout: fine
import os

os.mkdir("out")
open("out/part", "w").close()
os.replace("out/part", "out/whole")
print("fine")
