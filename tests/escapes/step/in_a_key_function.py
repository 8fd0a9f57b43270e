# technique: C code calls the guest for each comparison
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: limit steps
print("LEAKED", max(range(10**6), key=lambda n: -n))
