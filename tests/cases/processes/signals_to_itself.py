# policy:
# | [limits]
# | processes = 0
# expect: completed
# stdout: fine
import os
import signal

signal.signal(signal.SIGUSR1, lambda *arguments: print("fine"))
os.kill(os.getpid(), signal.SIGUSR1)
os.kill(0, 0)
os.killpg(os.getpgrp(), 0)
