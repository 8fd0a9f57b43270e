# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper | limit steps
import sys
try:
    sys._getframe().f_trace = lambda *what: None
except AttributeError:
    pass
n = 0
while n < 40000:
    n += 1
print("LEAKED", n)
