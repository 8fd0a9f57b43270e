# technique: a file is told to signal the supervisor when it can be read
# expect: violation tamper
import fcntl
import os

reader, writer = os.pipe()
fcntl.fcntl(reader, fcntl.F_SETOWN, os.getppid())  # here
print("LEAKED")
