# policy:
# | [[functions]]
# | id = "few"
# | match = "__main__.down"
# | max_calls = 4
# expect: violation call
# expect-rule: few
# stdout: at 1
# not-stdout: at 0
def down(n):
    print("at", n)
    if n:
        down(n - 1)


down(4)
