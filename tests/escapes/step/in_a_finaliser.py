# technique: each end of an object makes the next
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: limit steps | limit wall
class Again:
    def __del__(self):
        if Again is not None:
            Again()


Again()
