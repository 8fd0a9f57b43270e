# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper | limit steps
# python: 3.12+
import sys


def work():
    n = 0
    while n < 40000:
        n += 1
    return n


try:
    sys.monitoring.free_tool_id(0)
except (ValueError, AttributeError):
    pass
print("LEAKED", work())
