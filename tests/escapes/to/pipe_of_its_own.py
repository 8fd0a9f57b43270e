# technique: a pipe is read whose other end only the reader holds
# policy:
# | [limits]
# | wall = "1s"
# expect: limit wall
import os

reader, writer = os.pipe()
os.read(reader, 1)
print("LEAKED")
