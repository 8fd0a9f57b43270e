# policy:
# | [limits]
# | output = "64KiB"
# expect: limit output
import sys
while True:
    sys.stderr.write("x" * 100 + "\n")
