# policy:
# | [limits]
# | threads = 0
# expect: limit threads | violation thread
import threading
thread = threading.Thread(target=print, args=("LEAKED",))
thread.start()
thread.join()
