# policy:
# | [limits]
# | steps = 50
# expect: completed
# stdout: 45
n = 0
for _ in range(20): n += 1
print(n + 25)
