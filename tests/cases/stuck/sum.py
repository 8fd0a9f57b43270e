# policy:
# | [limits]
# | cpu = "300ms"
# | wall = "30s"
# expect: limit cpu
# expect-inside: sum
x = sum(range(10 ** 12))  # here
