"""An endless loop in C whose turns are a guest function."""
import itertools


def same(n):
    return n


any(map(same, itertools.repeat(0)))
