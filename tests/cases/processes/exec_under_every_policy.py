# policy:
# | [limits]
# | steps = 1000
# expect: violation process
# expect-rule: tamper
# expect-subject: os.exec
import os

os.execv("/bin/true", ["true"])  # here
