# technique: bytes go from a file to the output without a write
# policy:
# | [limits]
# | output = "1MiB"
# expect: limit output
import os

with open("large", "wb") as file:
    file.write(b"x" * (4 << 20))
with open("large", "rb") as file:
    sent = 0
    while sent < 4 << 20:
        sent += os.sendfile(1, file.fileno(), sent, 1 << 20)
os.write(1, b"\nLEAKED\n")
