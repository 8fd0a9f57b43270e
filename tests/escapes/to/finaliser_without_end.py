# technique: a finaliser at the end of the interpreter loops in C
# policy:
# | [limits]
# | wall = "1s"
# expect: limit wall
import itertools


class Ends:
    def __del__(self, all=all, count=itertools.count):
        all(count(1))


kept = Ends()
kept.self = kept
