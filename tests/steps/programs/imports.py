"""Modules of the standard library: their lines are not the guest's, their callbacks are."""

import collections
import json
import string
import textwrap
from fractions import Fraction
from random import Random

counts = collections.Counter("mississippi")
ordered = collections.OrderedDict(sorted(counts.items()))
groups = collections.defaultdict(lambda: [0])
groups["a"].append(1)
groups["b"]
json.loads('[{"a": 1}, {"b": 2}]', object_hook=lambda d: list(d))
json.dumps({"x": Fraction(1, 2)}, default=lambda f: str(f))


class Encoder(json.JSONEncoder):
    def default(self, value):
        if isinstance(value, Fraction):
            return float(value)
        return super().default(value)


json.dumps([Fraction(1, 4)], cls=Encoder)
sum([Fraction(1, n) for n in range(1, 6)])
textwrap.fill("some words to wrap " * 3, 20)
string.Template("$a $b").substitute(a=1, b=2)
random = Random(7)
values = [random.randint(0, 9) for _ in range(5)]
random.shuffle(values)
collections.deque(values, maxlen=3)


class Attributes(collections.UserDict):
    def __getitem__(self, key):
        return super().__getitem__(key) + 1


Attributes(a=1)["a"]
