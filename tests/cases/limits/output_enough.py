# policy:
# | [limits]
# | output = "64KiB"
# expect: completed
# stdout: the tail
print("x" * 60_000)
print("the tail")
