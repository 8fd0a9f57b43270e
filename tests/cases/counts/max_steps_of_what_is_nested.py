# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 30
# expect: violation call
# expect-rule: short

def solve():
    def inner(n):
        for i in range(n):
            pass

    for i in range(10):
        inner(100)


solve()
print("LEAKED")
