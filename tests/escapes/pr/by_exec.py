# technique: another program takes the place of the guest
# policy:
# | [limits]
# | processes = 0
# expect: violation process
import os

os.execv("/bin/echo", ["echo", "LEAKED"])  # here
