# policy:
# | [limits]
# | wall = "500ms"
# expect: limit wall
# stdout: before
import time
print("before")
time.sleep(60)  # here
print("LEAKED")
