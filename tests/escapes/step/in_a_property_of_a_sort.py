# technique: a sort compares by an operator of the guest
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: limit steps
class Number:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return self.value < other.value


sorted(map(Number, range(10**5)))
print("LEAKED")
