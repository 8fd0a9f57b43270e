# policy:
# | [[functions]]
# | id = "data-only"
# | match = "__main__.f"
# | action = "deny"
# | except = { args = { x = 1 } }
# expect: violation call
# expect-rule: data-only

def f(x):
    return lambda: x


f(1)
f(2)  # here
print("LEAKED")
