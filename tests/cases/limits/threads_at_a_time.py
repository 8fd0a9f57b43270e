# policy:
# | [limits]
# | threads = 2
# tells: what counts is how many are alive at a time
# expect: completed
# stdout: done
import threading
for n in range(6):
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
print("done")
