# technique: threads never yield: each still counts
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: violation tamper | limit steps
import sys
import threading

sys.setswitchinterval(1e6)


def work():
    for _ in range(10**5):
        pass


threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("LEAKED")
