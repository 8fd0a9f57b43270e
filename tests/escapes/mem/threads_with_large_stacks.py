# technique: stacks of threads are memory as well
# policy:
# | [limits]
# | memory = "256MiB"
# | wall = "20s"
# expect: raised RuntimeError | limit memory | raised MemoryError | raised
import threading

threading.stack_size(128 << 20)
stop = threading.Event()
threads = [threading.Thread(target=stop.wait, daemon=True) for _ in range(8)]
for thread in threads:
    thread.start()
print("LEAKED")
