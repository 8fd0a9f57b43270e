# technique: the process ends at once while another thread still works
# expect: crashed
import os
import threading

threading.Thread(target=os._exit, args=(0,)).start()
while True:
    pass
