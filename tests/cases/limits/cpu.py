# policy:
# | [limits]
# | cpu = "300ms"
# | wall = "30s"
# expect: limit cpu
n = 0
while True:
    n += 1
