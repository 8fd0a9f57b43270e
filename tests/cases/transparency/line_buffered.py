# policy:
# | [limits]
# | steps = 40
# expect: limit steps
# stdout: printed before
print("printed before")
while True:
    pass
