# policy:
# | [[functions]]
# | id = "few"
# | match = "builtins.sorted"
# | max_calls = 3
# expect: violation call
# expect-rule: few
# stdout: turn 2
# not-stdout: turn 3
for n in range(9):
    x = sorted([n])  # here
    if n == 2:
        print("turn 2", flush=True)
    if n > 2:
        print("turn 3")
