# policy:
# | [limits]
# | recursion = 30
# expect: completed
# stdout: 25
def down(n):
    return 1 + down(n - 1) if n > 1 else 1


for _ in range(50):
    depth = down(25)
print(depth)
