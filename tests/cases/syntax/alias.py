# policy:
# | [syntax]
# | forbid = ["calls:os.system"]
# expect: violation syntax
# expect-subject: calls:os.system
# stderr: calls os.system as run
import os as o
from os import system as s


def f():
    run = o.system
    run("echo LEAKED")  # here


def g(system, s):
    return s(system)


s("echo LEAKED")  # here
