# policy:
# | [[functions]]
# | id = "counted"
# | match = ["builtins.int", "math.sqrt", "builtins.dict.pop"]
# | max_calls = 100
# expect: completed
# stdout: invalid literal for int() with base 10: 'x'
# stdout: math domain error
# stdout: 'k'
import math
for call in (lambda: int("x"), lambda: math.sqrt(-1), lambda: {}.pop("k")):
    try:
        call()
    except Exception as error:
        print(str(error).replace("expected a nonnegative input, got -1.0", "math domain error"))
assert {}.pop("k", 3) == 3 and int("11", base=2) == 3
