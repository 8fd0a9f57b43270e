STEPS = 0


def work(n):
    for i in range(n):
        pass


class Worker:
    def work(self, n):
        work(n)
