# inside: builtins.int.__pow__
# function: solve
def solve(n):
    base = n % 100
    return base**n**8  # here


print(solve(10))
