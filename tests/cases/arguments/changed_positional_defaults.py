# policy:
# | [[functions]]
# | id = "data-only"
# | match = "__main__.f"
# | action = "deny"
# | except = { args = { y = 1 } }
# expect: violation call
# expect-rule: data-only

def f(x, y=1):
    return y


f(1)
f.__defaults__ = (2,)
f(1)  # here
print("LEAKED")
