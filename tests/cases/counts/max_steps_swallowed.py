# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 20
# expect: violation call
# expect-rule: short

def solve(n):
    while True:
        try:
            n += 1
        except BaseException:
            pass


solve(5)
print("LEAKED")
