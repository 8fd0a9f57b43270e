# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 5
# expect: violation call
# expect-rule: short

def solve(n):
    try:
        return n and solve(n - 1)  # here
    except BaseException:
        print("LEAKED")


solve(10)
