# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: completed
# stdout: fine
import os
import pathlib

with open("text", "w") as file:
    file.write("fine")
os.makedirs("deep/er")
print(open("deep/../text").read(), pathlib.Path("text").read_bytes(), os.listdir("."))
