# inside: builtins.sum
# function: solve
def solve():
    total = 0
    for start in (0, 1):
        total += sum(range(start, 10**12))  # here
    return total


solve()
