# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 2
# expect: completed
# stdout: done

def solve():
    yield 1
    yield 2


many = [solve() for _ in range(50)]
for one in many:
    next(one)
print("done")
