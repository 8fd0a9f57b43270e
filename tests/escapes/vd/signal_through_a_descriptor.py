# technique: a descriptor of the supervisor takes a signal without an audit event
# expect: violation tamper
import os
import signal

descriptor = os.pidfd_open(os.getppid())
signal.pidfd_send_signal(descriptor, signal.SIGCONT)  # here
print("LEAKED")
