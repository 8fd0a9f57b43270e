# technique: the supervisor is told to stop: nobody would end the run
# expect: violation tamper
import os
import signal

os.kill(os.getppid(), signal.SIGCONT)  # here
print("LEAKED")
