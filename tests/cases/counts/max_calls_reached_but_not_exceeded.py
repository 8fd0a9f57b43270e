# policy:
# | [[functions]]
# | id = "few"
# | match = ["__main__.guess", "builtins.sorted"]
# | max_calls = 5
# expect: completed
# stdout: done
def guess(n):
    return n


for n in range(3):
    guess(n)
sorted([1]), sorted([2])
print("done")
