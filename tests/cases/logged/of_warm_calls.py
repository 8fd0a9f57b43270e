# policy:
# | [audit]
# | record = ["calls"]
# | arguments = "values"
# expect: completed
# expect-logged: builtins.divmod(299, 2)
# expect-logged: builtins.len('299')
# expect-logged: builtins.list.append(299)
# expect-logged: builtins.sorted(<list>, reverse=True)

many = []
for number in range(300):
    divmod(number, 2)
    len(str(number))
    many.append(number)
    sorted(many, reverse=True)
