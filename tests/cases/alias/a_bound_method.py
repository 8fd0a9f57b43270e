# policy:
# | [[functions]]
# | id = "no-solve"
# | match = "__main__.C.solve"
# | action = "deny"
# expect: violation call
# expect-subject: __main__.C.solve
# expect-written: by
# expect-marked: by(1)
class C:
    def solve(self, x):
        print("LEAKED")


by = C().solve
by(1)  # here
