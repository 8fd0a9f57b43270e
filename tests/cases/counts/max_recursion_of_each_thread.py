# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 3
# expect: completed
# stdout: done

import threading


def solve(n, barrier):
    if n:
        return solve(n - 1, barrier)
    barrier.wait()


barrier = threading.Barrier(4)
threads = [threading.Thread(target=solve, args=(2, barrier)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done")
