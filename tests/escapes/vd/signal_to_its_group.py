# technique: the supervisor is reached by its process group
# expect: violation tamper
import os
import signal

os.killpg(os.getpgid(os.getppid()), signal.SIGCONT)  # here
print("LEAKED")
