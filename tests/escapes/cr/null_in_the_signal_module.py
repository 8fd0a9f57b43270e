# technique: a signal that C code raises on itself
# expect: crashed 11
import signal

signal.raise_signal(signal.SIGSEGV)
print("LEAKED")
