# policy:
# | [[functions]]
# | id = "few-guesses"
# | match = "__main__.guess"
# | max_calls = 3
# expect: violation call
# expect-rule: few-guesses
# stdout: guess 3
# not-stdout: guess 4
def guess(n):
    print("guess", n)
    return False


n = 1
while not guess(n):
    n += 1
