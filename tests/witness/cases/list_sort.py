# inside: builtins.list.sort
# function: <module>
import math

numbers = [10**7, 10**7]
for turn in range(2):
    numbers.sort(key=math.factorial)  # here
