# policy:
# | [[lines]]
# | id = "few"
# | match = "print("
# | action = "audit"
# | max_count = 3
# expect: completed
# stdout: 9

for i in range(10):
    print(i)
