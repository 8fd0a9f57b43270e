# policy:
# | [limits]
# | processes = 2
# expect: violation process
# expect-rule: limits.processes
import os

os.killpg(os.getpgid(os.getppid()), 0)  # here
