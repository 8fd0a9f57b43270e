# policy:
# | [limits]
# | steps = 50
# expect: limit steps
# stdout: turn 1
n = 0
while True:
    n += 1
    if n == 1:
        print("turn 1")
    if n > 50:
        print("LEAKED")
