# policy:
# | [[functions]]
# | id = "data-only"
# | match = "__main__.solve"
# | action = "deny"
# | except = { args = { x = [1, "a*"], mode = "fast" } }
# expect: violation call
# expect-rule: data-only

def solve(x, *rest, mode="fast", **more):
    return x


solve(True)  # here
print("LEAKED")
