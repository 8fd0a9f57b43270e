"""What runs when the program is over: atexit functions, finalisers of globals."""

import atexit


class Final:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        for i in range(self.n):
            self.last = i


def bye(n):
    total = 0
    while n:
        total += n
        n -= 1


atexit.register(bye, 3)
atexit.register(bye, n=5)
held = Final(4)
atexit.register(lambda: [bye(i) for i in range(2)])
