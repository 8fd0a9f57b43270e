# technique: C code evaluates a piece of text again and again
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: limit steps
import itertools

sum(map(eval, itertools.repeat("1", 10**6)))
print("LEAKED")
