# policy:
# | [limits]
# | wall = "500ms"
# tells: the clock runs until the process is gone
# expect: limit wall
import atexit
import time
atexit.register(time.sleep, 60)
print("the end of the module")
