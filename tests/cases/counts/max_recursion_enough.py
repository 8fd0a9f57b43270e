# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 5
# expect: completed
# stdout: done

def solve(n):
    return n and solve(n - 1)


for turn in range(10):
    solve(4)
print("done")
