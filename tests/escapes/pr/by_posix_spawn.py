# technique: no shell, no fork
# policy:
# | [limits]
# | processes = 0
# expect: violation process
import os

os.posix_spawn("/bin/true", ["true"], {})  # here
print("LEAKED")
