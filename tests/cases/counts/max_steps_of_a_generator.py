# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 30
# expect: violation call
# expect-rule: short

def solve():
    n = 0
    while True:
        yield n
        n += 1


for n in solve():
    pass
print("LEAKED")
