# technique: the trace function of a frame is set by C code
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: violation tamper | limit steps
import sys


def work():
    frame = sys._getframe()
    try:
        list(map(setattr, [frame], ["f_trace_lines"], [False]))
    except AttributeError:
        pass
    for _ in range(10**5):
        pass


work()
print("LEAKED")
