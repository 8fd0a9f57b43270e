# policy:
# | [[functions]]
# | id = "data-only"
# | match = "__main__.g"
# | action = "deny"
# | except = { args = { x = 1 } }
# expect: violation call
# expect-rule: data-only

import functools


@functools.singledispatch
def f(x):
    return x


@f.register
def g(x: int):
    return x


f(1)
f(2)  # here
print("LEAKED")
