"""A correct solution: merge sort."""

MARKS = [
    ("Ada", 91), ("Grace", 88), ("Alan", 75), ("Edsger", 62), ("Barbara", 97),
    ("Donald", 84), ("Tony", 71), ("Margaret", 99), ("Niklaus", 66), ("Frances", 93),
]


def merge(left, right):
    """Merges two sorted lists of marks, best first."""
    merged = []
    while left and right:
        best = left if left[0][1] >= right[0][1] else right
        merged.append(best.pop(0))
    return merged + left + right


def merge_sort(marks):
    """The marks, best first."""
    if len(marks) < 2:
        return marks
    middle = len(marks) // 2
    return merge(merge_sort(marks[:middle]), merge_sort(marks[middle:]))


for name, mark in merge_sort(MARKS):
    print(f"{mark:3} {name}")
