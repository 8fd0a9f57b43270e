# policy:
# | [[functions]]
# | id = "refused"
# | match = ["textwrap.fill", "__main__.helper", "subprocess.Popen"]
# | action = "refuse"
# expect: completed
# stdout: refused 3
import subprocess
import textwrap


def helper():
    print("helped")


refused = 0
for call in (lambda: textwrap.fill("a b", 1), helper, lambda: subprocess.Popen(["true"])):
    try:
        call()
    except PermissionError:
        refused += 1
print("refused", refused)
