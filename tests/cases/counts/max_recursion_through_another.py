# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 5
# expect: violation call
# expect-rule: short

def other(n):
    return solve(n - 1)  # here


def solve(n):
    return n and other(n)


solve(10)
print("LEAKED")
