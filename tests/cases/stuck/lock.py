# policy:
# | [limits]
# | wall = "500ms"
# expect: limit wall
# expect-inside: acquire
import threading
lock = threading.Lock()
lock.acquire()
lock.acquire()  # here
