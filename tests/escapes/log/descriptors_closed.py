# technique: every descriptor is closed, then the limit is reached
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: limit steps
import os

os.closerange(3, 4096)
while True:
    pass
