# inside: builtins.set.update
# function: <module>
import itertools

{1, *itertools.repeat(0)}  # here
