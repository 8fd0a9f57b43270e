# policy:
# | [[functions]]
# | id = "data-only"
# | match = "__main__.solve"
# | action = "deny"
# | except = { args = { x = [1, "a*"], mode = "fast" } }
# expect: completed

def solve(x, *rest, mode="fast", **more):
    return x


solve(1)
solve("abc", 5, 6, mode="fast", other=2)
solve(x=1)
solve(*[1], **{"mode": "fast"})
list(map(solve, [1, "a"]))
