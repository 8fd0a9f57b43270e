# policy:
# | [limits]
# | processes = 2
# expect: violation process
# expect-rule: limits.processes
import os

os.kill(os.getppid(), 0)  # here
