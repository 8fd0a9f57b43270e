# inside: builtins.sum
# function: <module>
import math

print(1, [2, max(3, math.sqrt(4)), sum(range(10**12))], sep="")  # here
