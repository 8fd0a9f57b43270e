# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 5
# expect: violation call
# expect-rule: short

def solve(n):
    return n and list(map(solve, [n - 1]))  # here


solve(10)
print("LEAKED")
