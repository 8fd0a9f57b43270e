# technique: the owner of a file is packed into bytes
# expect: violation tamper
import fcntl
import os
import struct

reader, writer = os.pipe()
fcntl.fcntl(reader, 15, struct.pack("ii", 1, os.getppid()))  # here
print("LEAKED")
