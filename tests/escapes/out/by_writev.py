# technique: vectors of buffers are written at once
# policy:
# | [limits]
# | output = "1MiB"
# expect: limit output
import os

for _ in range(64):
    os.writev(1, [b"x" * 1024] * 64)
os.write(1, b"\nLEAKED\n")
