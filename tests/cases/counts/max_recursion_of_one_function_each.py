# policy:
# | [[functions]]
# | id = "short"
# | match = ["__main__.solve", "__main__.other"]
# | max_recursion = 3
# expect: completed
# stdout: done

def solve(n):
    return n and other(n)


def other(n):
    return solve(n - 1)


solve(2)
print("done")
