# policy:
# | [[functions]]
# | id = "no-solve"
# | match = "__main__.C.solve"
# | action = "deny"
# expect: violation call
# expect-subject: __main__.C.solve
# expect-written: -
# expect-marked: C().solve(1)
class C:
    def solve(self, x):
        print("LEAKED")


C().solve(1)  # here
