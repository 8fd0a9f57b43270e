# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 3
# expect: violation call
# expect-rule: short

def solve(n):
    yield n
    if n:
        yield from solve(n - 1)  # here


print(list(solve(2)))
print(list(solve(3)))
print("LEAKED")
