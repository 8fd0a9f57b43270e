# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 3
# expect: violation call
# expect-rule: short

def solve(others):
    yield
    next(others.pop())


waiting = []
for turn in range(10):
    one = solve(waiting)
    next(one)
    waiting.append(one)
try:
    next(waiting.pop())
except IndexError:
    print("LEAKED")
