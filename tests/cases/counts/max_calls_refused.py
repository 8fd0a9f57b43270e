# policy:
# | [[functions]]
# | id = "few"
# | match = "__main__.guess"
# | max_calls = 2
# | action = "refuse"
# expect: completed
# stdout: 2 of 5
def guess():
    return 1


passed = 0
for n in range(5):
    try:
        passed += guess()
    except PermissionError:
        pass
print(passed, "of 5")
