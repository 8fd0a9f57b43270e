# policy:
# | [limits]
# | threads = 0
# expect: limit threads | violation thread
import _thread
import time
list(map(_thread.start_new_thread, [print], [("LEAKED",)]))
time.sleep(1)
