# inside: re.Pattern.fullmatch
# function: solve
import re


def solve(text):
    return re.fullmatch(r"(a*)*b", text)  # here


solve("a" * 64)
