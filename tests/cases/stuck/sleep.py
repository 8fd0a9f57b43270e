# policy:
# | [limits]
# | wall = "500ms"
# expect: limit wall
# expect-inside: sleep
import time


def nap():
    time.sleep(9999)  # here


nap()
