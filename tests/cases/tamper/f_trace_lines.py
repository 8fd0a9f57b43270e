# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper | limit steps
import sys


def work():
    try:
        sys._getframe().f_trace_lines = False
        sys._getframe().f_trace_opcodes = True
    except AttributeError:
        pass
    n = 0
    while n < 40000:
        n += 1
    return n


print("LEAKED", work())
