# technique: a semaphore is waited for in C with signals blocked
# policy:
# | [limits]
# | wall = "1s"
# expect: limit wall
import signal
import threading

signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
threading.Semaphore(0).acquire()
print("LEAKED")
