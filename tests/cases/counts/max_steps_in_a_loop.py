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
    return "LEAKED"


print(solve(5)[:4])
print(solve(500))
