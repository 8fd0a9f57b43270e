# technique: a set compares each element with all others
# policy:
# | [limits]
# | wall = "1s"
# expect: limit wall
class Same(int):
    __hash__ = lambda self: 1


set(map(Same, range(10**6)))
print("LEAKED")
