# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 6
# expect: violation call
# expect-rule: short
# expect-subject: __main__.solve

def solve(n):
    a = n  # here
    b = a
    return b


solve(1)
solve(2)
solve(3)
print('LEAKED')
