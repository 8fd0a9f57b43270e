# policy:
# | [limits]
# | wall = "500ms"
# expect: limit wall
# expect-inside: pow
x = pow(7, 10 ** 8)  # here
