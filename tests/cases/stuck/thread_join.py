# policy:
# | [limits]
# | wall = "500ms"
# expect: limit wall
import threading
event = threading.Event()
event.wait()  # here
