# policy:
# | [limits]
# | output = "64KiB"
# expect: limit output
import os
while True:
    try:
        os.write(1, b"x" * 4096)
    except OSError:
        pass
