# policy:
# | [[functions]]
# | id = "few"
# | match = "os.fspath"
# | max_calls = 3
# expect: violation call
# expect-rule: few
import os
x = list(map(os.fspath, ["a", "b", "c"]))
print("three may")
y = list(map(os.fspath, ["a"]))  # here
print("LEAKED", y)
