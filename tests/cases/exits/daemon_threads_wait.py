# tells: threads that wait when the program ends are dropped, as in Python
# expect: completed
# stdout: done
import threading
event = threading.Event()
for _ in range(20):
    threading.Thread(target=event.wait, daemon=True).start()
print("done")
event.set()
