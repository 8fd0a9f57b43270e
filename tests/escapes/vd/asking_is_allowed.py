# technique: whether a process is there may be asked, and one may signal oneself
# expect: completed
# stdout: signalled
import os
import resource
import signal

os.kill(os.getppid(), 0)
signal.signal(signal.SIGUSR1, lambda *_: print("signalled"))
os.kill(os.getpid(), signal.SIGUSR1)
signal.pidfd_send_signal(os.pidfd_open(os.getpid()), signal.SIGUSR1)
resource.prlimit(os.getppid(), resource.RLIMIT_CPU)
resource.prlimit(0, resource.RLIMIT_CORE, (0, 0))
print(len(open(f"/proc/{os.getppid()}/stat").read()) > 10)
