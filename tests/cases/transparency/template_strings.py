# python: 3.14+
# policy:
# | [limits]
# | steps = 10
# | [[functions]]
# | id = "forbidden"
# | match = "os.*"
# | action = "deny"
# expect: completed
# stdout: a 1 1
template = eval("t'a {1:>{2}}'")
print(template.strings[0].strip(), template.interpolations[0].value, 1)
