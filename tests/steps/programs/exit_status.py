"""Leaves through sys.exit with a finally on the way."""

import sys


def leave():
    try:
        sys.exit(3)
    finally:
        done = 1


for n in range(3):
    pass
leave()
never = 1
