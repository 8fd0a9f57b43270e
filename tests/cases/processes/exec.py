# policy:
# | [limits]
# | processes = 0
# expect: violation process
# expect-rule: limits.processes
import os

os.execv("/bin/true", ["true"])  # here
