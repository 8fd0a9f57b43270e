# inside: builtins.list.extend
# function: <module>
import itertools

extend = [].extend
extend(filter(None, itertools.repeat(0)))  # here
