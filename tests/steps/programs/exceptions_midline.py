"""An exception in the middle of an expression that spans many lines."""


def fail(n):
    raise ValueError(n)


def attempt(n):
    try:
        value = (
            1
            + (2 if n > 1 else 3)
            + [
                4,
                fail(n),
                5,
            ][0]
            + 6
        )
    except ValueError as error:
        return error.args[
            0
        ]
    return value


def arguments(
    a,
    b=1,
    *rest,
    **named,
):
    return (
        a
        + b
        + sum(rest)
        + sum(
            named[key]
            for key in named
        )
    )


for n in range(3):
    attempt(
        n
    )
arguments(
    1,
    2,
    *[
        3,
        4,
    ],
    k=5,
    **{
        "l": 6,
    },
)
text = (
    "a"
    "b"
    f"{arguments(1)}"
    f"{arguments(2)!r:>4}"
)
condition = (
    text
    and
    not
    text.isdigit()
    or
    None
)
chained = (
    [3, 1, 2]
    .__class__((3, 1))
    .index(1)
)
try:
    {
        "a": 1,
        "b": {}[
            "missing"
        ],
    }
except KeyError:
    pass
