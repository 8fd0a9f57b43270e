# technique: the violation happens in the finally of a generator that is thrown away
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os


def generator():
    try:
        yield
    finally:
        os.getpgid(0)  # here


started = generator()
next(started)
del started
print("LEAKED")
