# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 1000
# expect: violation call
# expect-rule: short

def solve():
    while True: pass  # here


solve()
