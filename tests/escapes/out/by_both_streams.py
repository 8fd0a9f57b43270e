# technique: half on each of the streams, neither beyond the limit by itself
# policy:
# | [limits]
# | output = "1MiB"
# expect: limit output
import os

for _ in range(10):
    os.write(1, b"x" * (64 << 10))
    os.write(2, b"x" * (64 << 10))
os.write(1, b"\nLEAKED\n")
