"""Threads one after another: their lines count like everybody's."""

import threading

results = []


def work(n):
    total = 0
    for i in range(n):
        total += i
    results.append(total)


class Worker(threading.Thread):
    def __init__(self, n):
        super().__init__()
        self.n = n

    def run(self):
        while self.n: self.n -= 1
        results.append("class")


def spawn(depth):
    if depth:
        inner = threading.Thread(target=spawn, args=(depth - 1,))
        inner.start()
        inner.join()
    results.append(depth)


for n in (3, 5):
    thread = threading.Thread(target=work, args=(n,))
    thread.start()
    thread.join()
worker = Worker(10)
worker.start()
worker.join()
spawn(3)


def fail():
    raise ValueError("in a thread")


threading.excepthook = lambda args: results.append(args.exc_type)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
assert results == [3, 10, "class", 0, 1, 2, 3, ValueError]
