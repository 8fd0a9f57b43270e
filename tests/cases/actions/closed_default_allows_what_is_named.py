# policy:
# | [defaults]
# | functions = "deny"
# |
# | [[functions]]
# | id = "allowed"
# | match = ["builtins.print", "builtins.len", "builtins.range", "math.*", "builtins.list.append", "builtins.str.format"]
# | action = "allow"
# expect: completed
# stdout: 3 2.0 [0, 1]
import math


def mine(xs):
    return len(xs)


class Mine:
    def method(self):
        return mine("abc")


made = []
for n in range(2):
    made.append(n)
print("{} {} {}".format(Mine().method(), math.sqrt(4), made))
