def solve(xs):
    return sorted(xs)


print(solve([3, 1, 2]))
