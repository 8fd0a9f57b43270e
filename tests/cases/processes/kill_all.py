# policy:
# | [limits]
# | processes = 2
# expect: violation process
# expect-rule: limits.processes
import os

os.kill(-1, 0)  # here
