# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper | limit steps
# python: 3.12+
import importlib
import sys
importlib.reload(sys)
for tool in range(6):
    try:
        sys.monitoring.set_events(tool, 0)
    except (ValueError, AttributeError):
        pass
n = 0
while n < 40000:
    n += 1
print("LEAKED", n)
