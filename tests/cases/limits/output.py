# policy:
# | [limits]
# | output = "64KiB"
# | wall = "30s"
# expect: limit output
# stdout: the head is kept
print("the head is kept")
while True:
    print("x" * 100)
