# inside: _thread.lock.__enter__
# function: wait
import threading


def wait(lock):
    with lock:
        with lock:  # here
            pass


wait(threading.Lock())
