# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 30
# expect: violation call
# expect-rule: short

for turn in range(20):
    exec("def solve():\n  a = 1\n  b = 2\n", {"__name__": "json"}, found := {})
    found["solve"]()
print("LEAKED")
