# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper | limit steps
# tells: a thread calls the trace function that was set for all threads
import threading


def tracer(*what):
    return None


threading.settrace(tracer)
thread = threading.Thread(target=print, args=("LEAKED",))
thread.start()
thread.join()
n = 0
while n < 40000:
    n += 1
print("LEAKED", n)
