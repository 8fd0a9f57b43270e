# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 4
# expect: completed
# stdout: done

def other():
    for i in range(100):
        pass


def solve():
    other()
    return 1


solve()
for i in range(100):
    pass
print("done")
