# technique: bytes go from a file to the output inside the kernel
# policy:
# | [limits]
# | output = "1MiB"
# expect: limit output
import os

with open("large", "wb") as file:
    file.write(b"x" * (4 << 20))
with open("large", "rb") as file:
    for _ in range(64):
        os.splice(file.fileno(), 1, 1 << 16)
os.write(1, b"\nLEAKED\n")
