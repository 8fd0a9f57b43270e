# policy:
# | [limits]
# | recursion = 30
# expect: limit recursion
# stdout: 20.
# not-stdout: 31.
def down(n):
    print(f"{n}.")
    down(n + 1)


down(1)
