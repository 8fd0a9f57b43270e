# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper
import sys
sys.settrace(None)  # here
n = 0
while n < 40000:
    n += 1
print("LEAKED", n)
