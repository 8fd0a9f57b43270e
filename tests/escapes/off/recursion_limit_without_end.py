# technique: a recursion limit without end lets C code overflow the stack or hit the limit of steps
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: violation tamper | limit steps
import sys

sys.setrecursionlimit(2**31 - 1)


def deeper():
    return deeper()


deeper()
print("LEAKED")
