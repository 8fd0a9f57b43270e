# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 3
# expect: violation call
# expect-rule: short

def solve(others):
    try:
        yield
    except ValueError:
        others.pop().throw(ValueError)


waiting = []
for turn in range(10):
    one = solve(waiting)
    next(one)
    waiting.append(one)
try:
    waiting.pop().throw(ValueError)
except IndexError:
    print("LEAKED")
