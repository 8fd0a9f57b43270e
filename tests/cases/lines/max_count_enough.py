# policy:
# | [[lines]]
# | id = "few"
# | match = "print("
# | action = "deny"
# | max_count = 3
# expect: completed
# stdout: 2

for i in range(3):
    print(i)
