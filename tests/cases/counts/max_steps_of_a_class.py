# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.C.*"
# | max_steps = 30
# expect: violation call
# expect-rule: short

class C:
    def f(self):
        for i in range(20):
            pass

    def g(self):
        for i in range(20):
            pass


C().f()
C().g()
print("LEAKED")
