# inside: builtins.filter.__next__
# function: <module>
import itertools

for nothing in filter(None, itertools.repeat(0)):  # here
    pass
