"""Expressions and calls spread over many lines, in every construct that allows it."""


def f(*args, **kwargs):
    return len(args) + len(kwargs)


value = f(
    f(
        1,
        2,
    ),
    [
        f(),
        f(
            3
        ),
    ],
    {
        "a": f(4),
        "b": (
            f(5)
            if f()
            else f(6)
        ),
    },
    key=f(
        7,
    ),
)
if (
    f(1)
    and f()
    or f(2)
):
    value = (
        value
        + 1
    )
elif (
    f()
):
    value = 0
while (
    value
    > 4
):
    value -= (
        1
    )
for a, (
    b,
    c,
) in [
    (
        1,
        (2, 3),
    ),
    (4, (5, 6)),
]:
    assert (
        a
        < b
    ), (
        "message"
    )
x = y = \
    z = 3
target = {}
target[
    f(1)
] = \
    f(2)
target[f(1)] += (
    f(3)
)
first, *rest = (
    f(1),
    f(2),
    f(3),
)
string = """a
b
{}
""".format(
    f(1)
)
formatted = f"""
{f(1)} and
{f(
    2
)}
"""
comparison = (
    1
    < f(1, 2)
    < 3
    < f()
    < f(1)
)
subscript = [
    0,
    1,
    2,
][
    f(1)
    :
    f(1, 2)
]
