"""A module beside the script: guest code, wherever it was imported from."""


def arrange(xs):
    return sorted(xs)
