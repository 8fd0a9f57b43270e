# inside: re.Pattern.match
# function: solve
import re


def solve(text):
    return re.match(r"(a*)*b", text)  # here


solve("a" * 64)
