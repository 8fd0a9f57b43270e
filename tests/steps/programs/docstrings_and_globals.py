"""A docstring over
several lines,
"""
# A comment.

from __future__ import annotations

GLOBAL: int = 1
UNBOUND: str


def documented():
    """Docstring."""
    return GLOBAL


def only_documented():
    """Docstring
    over two lines."""


class Documented:
    """Docstring."""

    FIELD: int
    OTHER: int = 3

    def method(self):
        """Docstring."""


documented()
only_documented()
Documented().method()
if GLOBAL == 1: pass
if not GLOBAL:
    NEVER = 1

else:

    # Between two comments.
    ALWAYS = 1
    # After.

del ALWAYS
global GLOBAL2
GLOBAL2 = 1
assert __name__ == "__main__"
if __name__ == "__main__":
    documented()
