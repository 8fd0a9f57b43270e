# policy:
# | [limits]
# | processes = 2
# expect: violation process
# expect-rule: limits.processes
import os

os.pidfd_open(os.getppid())  # here
