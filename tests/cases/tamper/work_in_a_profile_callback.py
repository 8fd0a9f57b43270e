# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper
import sys


def payload(*what):
    sys.setprofile(None)
    n = 0
    while n < 40000:
        n += 1
    print("LEAKED", n)


sys.setprofile(payload)
(lambda: 0)()
