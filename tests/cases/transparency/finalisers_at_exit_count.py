# policy:
# | [limits]
# | steps = 100
# expect: limit steps
class Final:
    def __del__(self):
        for n in range(1000):
            pass
        print("LEAKED")


held = Final()
