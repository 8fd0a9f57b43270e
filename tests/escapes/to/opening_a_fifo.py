# technique: opening a named pipe waits for somebody who never comes
# policy:
# | [limits]
# | wall = "1s"
# expect: limit wall
import os

os.mkfifo("pipe")
open("pipe")
print("LEAKED")
