# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 1000
# | max_calls = 2
# expect: violation call
# expect-rule: short

def solve():
    return 1


solve()
solve()
solve()  # here
print("LEAKED")
