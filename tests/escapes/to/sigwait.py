# technique: a signal is waited for that never comes
# policy:
# | [limits]
# | wall = "1s"
# expect: limit wall
import signal

signal.sigwait([signal.SIGUSR2])
print("LEAKED")
