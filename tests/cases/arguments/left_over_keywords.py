# policy:
# | [[functions]]
# | id = "data-only"
# | match = "__main__.f"
# | action = "deny"
# | except = { args = { x = 1 } }
# expect: violation call
# expect-rule: data-only

def f(**more):
    return more


f(x=1, y=2)
f(y=1)  # here
print("LEAKED")
