"""Comprehensions of every kind, nested, over several lines, and in odd places."""

rows = [[r * c for c in range(4)] for r in range(3)]
flat = [cell for row in rows for cell in row if cell % 2 == 0]
by_value = {cell: (i, j) for i, row in enumerate(rows) for j, cell in enumerate(row)}
distinct = {cell % 3 for cell in flat}
total = sum(cell for row in rows for cell in row)
spread = [
    (
        x,
        y,
    )
    for x in range(3)
    if x
    for y in (
        x,
        x + 1,
    )
]
filtered = [n for n in range(10) if n > 2 if n < 7]
walrus = [last := n for n in range(4)]
lambdas = [lambda k=k: k for k in range(3)]
called = [f() for f in lambdas]


class Table:
    width = 3
    cells = [n * 2 for n in range(4)]
    names = {f"c{n}" for n in range(2)}


def closure(factor):
    return [[factor * n for n in range(m)] for m in range(3)]


closure(7)
try:
    [1 // n for n in (2, 1, 0)]
except ZeroDivisionError:
    pass
any(n > 3 for n in range(10))
all(n < 3 for n in range(10))
