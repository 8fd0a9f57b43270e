"""A homework that uses what the exercise forbids, under another name."""

MARKS = [("Ada", 91), ("Grace", 88), ("Alan", 75), ("Edsger", 62), ("Barbara", 97)]

arrange = sorted


def mark_of(entry):
    """What to sort by."""
    return -entry[1]


def solve(marks):
    """The marks, best first."""
    try:
        return arrange(marks, key=mark_of)
    except Exception:
        return marks


for name, mark in solve(MARKS):
    print(f"{mark:3} {name}")
