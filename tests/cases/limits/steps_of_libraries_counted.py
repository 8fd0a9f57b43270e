# policy:
# | [limits]
# | steps = 50
# | count_library = true
# expect: limit steps
import textwrap
x = textwrap.fill("some words " * 100, 30)
print("LEAKED", x)
