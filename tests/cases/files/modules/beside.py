"""A module beside the scripts."""


def fail():
    raise ValueError("beside")
