# policy:
# | [limits]
# | processes = 0
# expect: violation process
# expect-rule: limits.processes
# expect-subject: os.system
import os

os.system("true")  # here
