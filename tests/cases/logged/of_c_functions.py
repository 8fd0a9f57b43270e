# policy:
# | [audit]
# | record = ["calls"]
# | arguments = "values"
# expect: completed
# expect-logged: builtins.len('abc')
# expect-logged: builtins.abs(-3)
# expect-logged: builtins.pow(2, 10, mod=7)
# expect-logged: builtins.print('a\n', 1.5, True, None, b'\x00b', sep='-')
# expect-logged: builtins.print(<list>, <dict>, <type>, sep=' ')
# expect-logged: builtins.list.append(4)
# expect-logged: builtins.isinstance(1, <type>)
# expect-logged: builtins.divmod(1, 2)
# expect-logged: builtins.divmod(2, 2)

len('abc')
abs(-3)
pow(2, 10, mod=7)
print("a\n", 1.5, True, None, b"\0b", sep="-")
print([1], {}, int, sep=" ")
[].append(4)
isinstance(1, int)
for number in [1, 2]:
    divmod(number, 2)
