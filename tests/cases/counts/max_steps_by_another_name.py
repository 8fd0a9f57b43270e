# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 30
# expect: violation call
# expect-rule: short

def solve():
    for i in range(100):
        pass


other = solve
del solve
other.__name__ = other.__qualname__ = "other"
list(map(lambda f: f(), [other]))
print("LEAKED")
