# policy:
# | [limits]
# | steps = 500
# expect: limit steps
import itertools
x = any(map(lambda n:
            0, itertools.count()))
print("LEAKED")
