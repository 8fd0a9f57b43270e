# inside: _thread.lock.acquire
# function: wait
import threading


def wait(lock):
    lock.acquire()
    lock.acquire()  # here


wait(threading.Lock())
