# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper
import sys
try:
    sys.settrace(lambda *what: None)  # here
except BaseException:
    pass
n = 0
while n < 40000:
    n += 1
print("LEAKED", n)
