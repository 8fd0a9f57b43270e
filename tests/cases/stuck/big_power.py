# policy:
# | [limits]
# | wall = "500ms"
# expect: limit wall
# expect-inside: pow | **
x = 10
y = x ** 10 ** 8  # here
