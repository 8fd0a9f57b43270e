# policy:
# | [limits]
# | steps = 200
# expect: limit steps
import threading


def work():
    for n in range(20): pass


for n in range(20):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
print("LEAKED")
