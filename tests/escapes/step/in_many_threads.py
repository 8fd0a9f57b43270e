# technique: a hundred threads with few steps each
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: limit steps
import threading


def work():
    for _ in range(40):
        pass


for _ in range(100):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
print("LEAKED")
