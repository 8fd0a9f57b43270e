# policy:
# | [limits]
# | wall = "500ms"
# expect: limit wall
n = 0
while True:
    n += 1
