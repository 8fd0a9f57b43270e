# technique: the process stops itself; a clock of its own would stop as well
# policy:
# | [limits]
# | wall = "1s"
# expect: limit wall
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
print("LEAKED")
