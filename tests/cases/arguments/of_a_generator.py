# policy:
# | [[functions]]
# | id = "data-only"
# | match = "__main__.f"
# | action = "deny"
# | except = { args = { x = 1 } }
# expect: violation call
# expect-rule: data-only

def f(x):
    yield x


list(f(1))
late = f(2)
next(late)  # here
print("LEAKED")
