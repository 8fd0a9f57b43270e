# tells: a count stays exact when the call site is warm
# policy:
# | [[functions]]
# | id = "few"
# | match = "builtins.type"
# | max_calls = 150
# | called_from = "guest"
# expect: violation call
# expect-rule: few
# stdout: 150.
# not-stdout: 151.
import fractions
import math

xs = []
n = 0
while n < 200:
    n += 1
    type(3)  # here
    print(f"{n}.", flush=True)
