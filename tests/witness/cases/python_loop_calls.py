# inside: *
# function: count
import math


def count():
    while True: math.sqrt(len("four"))  # here


count()
