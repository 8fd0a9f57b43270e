# policy:
# | [[functions]]
# | id = "no-solve"
# | match = "__main__.solve"
# | action = "deny"
# expect: violation call
# expect-subject: __main__.solve
# expect-written: -
# expect-marked: solve(1)
def solve(x):
    print("LEAKED")


solve(1)  # here
