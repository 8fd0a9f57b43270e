# policy:
# | [[functions]]
# | id = "forbidden"
# | match = ["builtins.sorted", "builtins.list.sort", "os.system", "math.gcd", "subprocess.Popen", "builtins.str.upper"]
# | action = "deny"
# | called_from = "guest"
# expect: completed
# stdout: all passed
import functools
import math
import operator
import os
import subprocess

assert max([3, 1, 2]) == 3
assert list(reversed([1, 2])) == [2, 1]
numbers = [3, 1, 2]
numbers.reverse(); numbers.append(4)
assert math.lcm(4, 6) == 12
assert list(map(math.sqrt, [4.0])) == [2.0]
assert functools.reduce(math.lcm, [2, 3]) == 6
assert operator.methodcaller("lower")("A") == "a"
assert subprocess.list2cmdline(["a", "b"]) == "a b"
assert os.getpid() > 0
# The forbidden ones may be held, named, compared and passed around.
held = [sorted, list.sort, os.system, math.gcd, subprocess.Popen, str.upper]
assert sorted in held and callable(held[0]) and "sorted" in repr(held[0])
assert issubclass(subprocess.Popen, object)
print("all passed")
