# technique: another thread aborts
# expect: crashed 6
import os
import threading

thread = threading.Thread(target=os.abort)
thread.start()
thread.join()
print("LEAKED")
