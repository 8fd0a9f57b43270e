# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: completed
# stdout: fine
import mimetypes
import os
import pathlib
import random
import zoneinfo

open("/dev/null", "w").write("x")
print(len(open("/dev/urandom", "rb").read(4)), len(open("/dev/zero", "rb").read(4)))
print(mimetypes.guess_type("x.html"), zoneinfo.TZPATH, random.SystemRandom().random() < 1)
print(os.path.expanduser("~") != "", pathlib.Path.home())
print(len(open("/dev/stdin").read()))
try:
    compile("return", "<no file>", "exec")
except SyntaxError as error:
    print(error.text)
print("fine")
