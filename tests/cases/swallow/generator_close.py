# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# tells: what is raised while a generator is dropped is written away as unraisable
import os
import sys
sys.unraisablehook = lambda what: print("LEAKED")


def g():
    try:
        yield 1
    finally:
        os.getpgid(0)  # here


it = g()
next(it)
del it
print("LEAKED")
