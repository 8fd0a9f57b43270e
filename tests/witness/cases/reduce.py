# inside: _functools.reduce
# function: <module>
import functools

functools.reduce(pow, [10, 10**8])  # here
