# policy:
# | [limits]
# | output = "64KiB"
# expect: limit output
print("x" * 1_000_000)
