# policy:
# | [[functions]]
# | id = "data-only"
# | match = "__main__.C.f"
# | action = "deny"
# | except = { args = { x = 1 } }
# expect: violation call
# expect-rule: data-only

import types


class C:
    def f(self, x):
        return x


types.MethodType(C.f, C())(1)
types.MethodType(C.f, C())(2)  # here
print("LEAKED")
