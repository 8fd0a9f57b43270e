# inside: builtins.int.__pow__
# function: solve
import threading


def solve(n):
    return 10**n  # here


thread = threading.Thread(target=solve, args=(10**8,))
thread.start()
thread.join()
