# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 20
# expect: violation call
# expect-rule: short

def solve(n):
    for i in range(n):
        print(i)
    print("LEAKED")


solve(5)
solve(500)
