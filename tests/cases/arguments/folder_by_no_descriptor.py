# policy:
# | [[functions]]
# | id = "data-only"
# | match = "os.open"
# | action = "deny"
# | except = { args = { path = "{script}/data/**", flags = 0 } }
# expect: completed

import os

HERE = os.path.dirname(os.path.abspath(__file__))

os.chdir(HERE + "/data")
os.open("in.txt", os.O_RDONLY, dir_fd=None)
os.open(path="in.txt", flags=os.O_RDONLY)
