# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 30
# expect: violation call
# expect-rule: short

def solve():
    f = lambda: 1
    for i in range(10):
        [
            f()
            for _ in range(100)
        ]


solve()
print("LEAKED")
