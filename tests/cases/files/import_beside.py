# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: completed
# stdout: fine
import traceback

from modules import beside

try:
    beside.fail()
except ValueError:
    traceback.print_exc()
print("fine")
