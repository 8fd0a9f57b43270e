# policy:
# | [limits]
# | cpu = "300ms"
# | wall = "30s"
# expect: limit cpu
# expect-inside: factorial
import math
x = math.factorial(3 * 10 ** 7)  # here
