"""A bubble sort whose loop never ends: the flag is set again on every round."""

MARKS = [91, 88, 75, 62, 97, 84, 71, 99, 66, 93]


def bubble_sort(marks):
    """The marks, best first."""
    marks = list(marks)
    swapped = True
    while swapped:
        for i in range(len(marks) - 1):
            if marks[i] <= marks[i + 1]:
                marks[i], marks[i + 1] = marks[i + 1], marks[i]
            swapped = True
    return marks


print("sorting", len(MARKS), "marks")
print(bubble_sort(MARKS))
