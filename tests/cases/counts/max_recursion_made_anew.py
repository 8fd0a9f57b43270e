# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 3
# expect: violation call
# expect-rule: short

def make():
    exec("def solve(n):\n    return n and make()(n - 1)", globals(), found := {})
    return found["solve"]


make()(10)
print("LEAKED")
