# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper | limit steps
import sys


def work():
    n = 0
    while n < 40000:
        n += 1
    print("LEAKED", n)


sys.call_tracing(work, ())
