# policy:
# | [limits]
# | calls = 20
# expect: limit calls
# stdout: 20.
# not-stdout: 21.
def f(n):
    print(f"{n}.")


n = 0
while True:
    n += 1
    f(n)
