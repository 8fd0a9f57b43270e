# inside: builtins.int.__pow__
# function: solve.<locals>.powers
def solve():
    def powers(base):
        yield base
        try:
            yield base ** (10**8)  # here
        finally:
            pass

    return [power for power in powers(10)]


solve()
