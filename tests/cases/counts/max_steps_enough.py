# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 6
# expect: completed

def solve(n):
    a = n
    b = a
    return b


solve(1)
solve(2)
