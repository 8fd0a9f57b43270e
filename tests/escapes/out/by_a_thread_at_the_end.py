# technique: a thread that outlives the main program goes on writing
# policy:
# | [limits]
# | output = "1MiB"
# expect: limit output
import os
import threading


def flood():
    for _ in range(64):
        os.write(1, b"x" * (64 << 10))
    os.write(1, b"\nLEAKED\n")


threading.Thread(target=flood).start()
