# policy:
# | [limits]
# | wall = "500ms"
# expect: limit wall
import threading
import time
threading.Thread(target=time.sleep, args=(60,)).start()
print("the main thread is done")
