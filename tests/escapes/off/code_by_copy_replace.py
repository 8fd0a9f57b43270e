# technique: copy.replace makes another code object
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# python: 3.13+
# expect: violation tamper | limit steps
import copy

print("LEAKED", copy.replace((lambda: 1).__code__, co_firstlineno=9))
