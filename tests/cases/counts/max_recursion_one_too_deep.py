# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 5
# expect: violation call
# expect-rule: short

def solve(n):
    return n and solve(n - 1)  # here


solve(4)
solve(5)
print("LEAKED")
