# policy:
# | [limits]
# | threads = 2
# expect: limit threads | violation thread
import threading
gate = threading.Event()
threads = [threading.Thread(target=gate.wait, daemon=True) for n in range(3)]
for thread in threads:
    thread.start()
print("LEAKED")
