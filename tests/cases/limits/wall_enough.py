# policy:
# | [limits]
# | wall = "30s"
# | cpu = "30s"
# expect: completed
# stdout: 4950
print(sum(range(100)))
