# policy:
# | [defaults]
# | functions = "deny"
# | 
# | [[functions]]
# | id = "words"
# | match = ["builtins.print", "threading.**", "_thread.**", "concurrent.**", "functools.**", "re.**", "builtins.map", "builtins.list", "builtins.type", "queue.**", "weakref.**"]
# | action = "allow"
# expect: completed
# stdout: [3, 8, 'ab', 2, True, 'x1']

x = [1, 2]
x += [3]
print([x[2], 2 ** 3, "a" + "b", -(-2), 2 in x, f"x{x[0]}"])
print((2).__add__(3), [1].__iter__(), "%d" % 3)
for y in x:
    with_y = {y: y}
