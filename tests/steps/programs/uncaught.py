"""Ends with an exception that nothing catches, through several frames and a finally."""


def deep(n):
    try:
        if n == 0:
            raise RuntimeError("the end")
        deep(n - 1)
    finally:
        n += 1


def main():
    for n in range(3):
        try:
            deep(n)
        except RuntimeError:
            pass
    deep(2)


main()
