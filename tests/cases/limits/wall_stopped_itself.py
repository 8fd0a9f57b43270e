# policy:
# | [limits]
# | wall = "500ms"
# expect: limit wall
import os
import signal
os.kill(os.getpid(), signal.SIGSTOP)
print("LEAKED")
