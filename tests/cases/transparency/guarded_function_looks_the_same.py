# policy:
# | [[functions]]
# | id = "forbidden"
# | match = ["builtins.sorted", "math.gcd", "textwrap.fill", "builtins.str.upper"]
# | action = "deny"
# | called_from = "guest"
# expect: completed
# stdout: same
import inspect
import math
import pickle
import textwrap

assert repr(sorted) == "<built-in function sorted>"
assert sorted.__name__ == "sorted" and sorted.__module__ == "builtins"
assert str(inspect.signature(sorted)) == "(iterable, /, *, key=None, reverse=False)"
assert "greatest common divisor" in math.gcd.__doc__.lower()
assert inspect.isbuiltin(sorted) and inspect.isfunction(textwrap.fill)
assert pickle.loads(pickle.dumps(sorted)) is sorted
assert repr(str.upper) == "<method 'upper' of 'str' objects>"
assert inspect.getsource(textwrap.fill).startswith("def fill(")
print("same")
