# policy:
# | [syntax]
# | forbid = ["while", "import-star", "calls:sorted", "lambda"]
# | message = "Only what the lecture has shown so far."
# expect: violation syntax
# expect-rule: syntax.forbid
# expect-subject: import-star
# stderr: uses an import with *, which syntax.forbid of
# stderr: uses a while loop in count
# stderr: calls sorted as order
# stderr: note: Only what the lecture has shown so far.
print("LEAKED")
from math import *  # here
order = sorted


def count(n):
    while n:  # here
        n -= 1
    return order([n])  # here


@property
def late(self): return lambda: 1  # here
