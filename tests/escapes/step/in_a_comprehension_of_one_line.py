# technique: a comprehension on one line has an arrival at its line for each element
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: limit steps
print("LEAKED", sum([i for i in range(10**6) if i % 2]))  # here
