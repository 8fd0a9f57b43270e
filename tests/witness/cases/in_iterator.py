# inside: itertools.count.__next__
# function: <module>
import itertools

if -1 not in itertools.count():  # here
    pass
