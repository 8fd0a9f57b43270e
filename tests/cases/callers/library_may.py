# policy:
# | [[functions]]
# | id = "own-sort"
# | match = ["builtins.sorted", "builtins.list.sort"]
# | action = "deny"
# | called_from = "guest"
# expect: completed
# stdout: fine
import collections
import dataclasses
import heapq
import json
import pprint
import statistics

assert heapq.nsmallest(2, [3, 1, 2]) == [1, 2]
assert collections.Counter("abca").most_common() == [("a", 2), ("b", 1), ("c", 1)]
assert statistics.median([3, 1, 2]) == 2
assert json.dumps({"b": 1, "a": 2}, sort_keys=True) == '{"a": 2, "b": 1}'
assert pprint.pformat({"b": 1, "a": 2}) == "{'a': 2, 'b': 1}"


@dataclasses.dataclass(order=True)
class Point:
    x: int


assert max(Point(1), Point(2)) == Point(2)
print("fine")
