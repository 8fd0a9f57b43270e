# policy:
# | [limits]
# | processes = 2
# expect: completed
# stdout: fine
import os

for _ in range(5):
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
print("fine")
