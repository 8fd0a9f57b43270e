# policy:
# | [[functions]]
# | id = "no-solve"
# | match = "__main__.solve"
# | action = "deny"
# expect: violation call
# expect-subject: __main__.solve
# expect-written: -
# expect-marked: list(map(other, [1]))
def solve(x):
    print("LEAKED")


other = solve
list(map(other, [1]))  # here
