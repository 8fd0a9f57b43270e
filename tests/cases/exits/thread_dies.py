# tells: an exception in a thread doesn't end the program
# expect: completed
# stdout: survived
# stderr: ValueError: in a thread
import threading


def fail():
    raise ValueError("in a thread")


thread = threading.Thread(target=fail)
thread.start()
thread.join()
print("survived")
