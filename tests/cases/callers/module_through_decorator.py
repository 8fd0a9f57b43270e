# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["__main__"]
# expect: violation call
# expect-rule: not-there

import os

import functools


def loud(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments)  # here

    return wrapper


loud(os.system)("echo LEAKED")
