# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper
# python: 3.12+
import sys
import threading
threading.settrace_all_threads(lambda *what: None)
n = 0
while n < 40000:
    n += 1
print("LEAKED", n)
