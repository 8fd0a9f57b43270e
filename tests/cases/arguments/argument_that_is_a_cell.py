# policy:
# | [[functions]]
# | id = "data-only"
# | match = "__main__.f"
# | action = "deny"
# | except = { args = { x = 1 } }
# expect: violation call
# expect-rule: data-only

import types


def f(x):
    print("LEAKED", x)


f(types.CellType(1))  # here
