# inside: builtins.sorted
# function: <module>
import math

sorted([10**7, 10**7], key=math.factorial)  # here
