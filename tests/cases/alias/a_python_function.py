# policy:
# | [[functions]]
# | id = "no-solve"
# | match = "__main__.solve"
# | action = "deny"
# expect: violation call
# expect-subject: __main__.solve
# expect-written: other
# expect-marked: other(1)
def solve(x):
    print("LEAKED")


other = solve
for turn in [1]:
    print(other(1))  # here
