# tells: the interpreter inlines some calls once a call site is warm
# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.str.split"
# | action = "refuse"
# | called_from = "guest"
# expect: completed
# stdout: passed 0 refused 200
import fractions
import math

xs = []


def warm():
    passed = refused = 0
    n = 200
    while n:
        n -= 1
        try:
            'a b'.split()
        except PermissionError:
            refused += 1
        else:
            passed += 1
    print("passed", passed, "refused", refused)


warm()
