"""Lambdas: nested, with defaults, over several lines, as keys and callbacks."""

add = lambda a, b: a + b
curried = lambda a: lambda b: lambda c: a + b + c
long = lambda n: (
    n
    if n < 2
    else long(n - 1)
    + long(n - 2)
)
assert add(1, 2) == 3
assert curried(1)(2)(3) == 6
assert long(8) == 21
table = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "pow": lambda a, b:
        a ** b,
}
for name in table: table[name](2, 3)
words = "the quick brown fox jumps".split()
words.sort(key=lambda w: (len(w), w))
max(words, key=lambda w: w[-1])
min(words, key=lambda w: w[1:])
list(filter(lambda w: "o" in w, words))
(lambda *args, **kwargs: len(args) + len(kwargs))(1, 2, x=3)
(lambda: (yield))().send(None)
immediately = (lambda x, y=lambda z: z: y(x))(4)
