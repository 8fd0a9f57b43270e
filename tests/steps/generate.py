"""Writes small programs that always end: the random side of `tests/steps.rs`.

Usage: generate.py FOLDER COUNT

Program K is the same text on every machine and Python version: it depends on K alone. Every
loop is bounded when it is written, functions call only functions written before them, and
each block spends a budget that loops divide, so a program ends within a few thousand steps.
Programs mix statements at random; exceptions are raised and mostly caught.
"""

import os
import sys


class Dice:
    """A linear congruential generator: the same numbers everywhere."""

    def __init__(self, seed):
        self.state = (seed * 2654435761 + 12345) % 2**64
        for _ in range(4):
            self.roll(2)

    def roll(self, sides):
        """A number from 0 to sides - 1."""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % sides

    def pick(self, choices):
        return choices[self.roll(len(choices))]

    def chance(self, percent):
        return self.roll(100) < percent


class Writer:
    """Writes one program."""

    BUDGET = 400  # steps that the top level may spend, roughly
    NAMES = ("a", "b", "c", "d")
    ERRORS = ("ValueError", "KeyError", "IndexError", "ZeroDivisionError", "TypeError")

    def __init__(self, seed):
        self.dice = Dice(seed)
        self.lines = []
        self.depth = 0
        self.made = 0
        self.functions = []  # (name, cost of a call), callable from what follows
        self.generators = []
        self.classes = []
        self.in_loop = False
        self.in_function = False

    # Writing.

    def put(self, text):
        self.lines.append("    " * self.depth + text)

    def fresh(self, prefix):
        self.made += 1
        return f"{prefix}{self.made}"

    def body(self, budget, statements=None):
        """An indented block; returns nothing, spends about `budget`."""
        self.depth += 1
        count = statements or 1 + self.dice.roll(3)
        for _ in range(count):
            self.statement(budget // count)
        self.depth -= 1

    def inner(self, budget, *, in_loop=None, in_function=None, statements=None):
        """A block in which `break` or `return` mean something else than outside."""
        saved = self.in_loop, self.in_function
        if in_loop is not None:
            self.in_loop = in_loop
        if in_function is not None:
            self.in_function = in_function
        self.body(budget, statements)
        self.in_loop, self.in_function = saved

    # Expressions. None of them raises, unless a guest function does.

    def number(self, deep=2):
        kind = self.dice.roll(9 if deep else 3)
        if kind == 0:
            return str(self.dice.roll(10))
        if kind <= 2:
            return self.dice.pick(self.NAMES)
        if kind == 3:
            return f"({self.number(deep - 1)} {self.dice.pick('+-*')} {self.number(deep - 1)}) % 97"
        if kind == 4:
            return f"({self.number(deep - 1)} if {self.test(deep - 1)} else {self.number(deep - 1)})"
        if kind == 5:
            return f"(lambda v: v + {self.number(deep - 1)})({self.number(deep - 1)})"
        if kind == 6:
            return f"sum({self.comprehension(deep - 1)})"
        if kind == 7:
            return f"len({self.items(deep - 1)})"
        return f"int({self.test(deep - 1)})"

    def test(self, deep=2):
        kind = self.dice.roll(5 if deep else 2)
        if kind <= 1:
            return f"{self.dice.pick(self.NAMES)} % {2 + self.dice.roll(3)} == {self.dice.roll(2)}"
        if kind == 2:
            return f"{self.number(deep - 1)} < {self.number(deep - 1)} <= {self.number(deep - 1)}"
        if kind == 3:
            return f"not ({self.test(deep - 1)} and {self.test(deep - 1)})"
        return f"({self.test(deep - 1)} or {self.test(deep - 1)})"

    def items(self, deep=1):
        count = self.dice.roll(4)
        if count == 0 or deep < 1:
            return f"range({1 + self.dice.roll(4)})"
        return "[" + ", ".join(self.number(deep - 1) for _ in range(count)) + "]"

    def comprehension(self, deep=1):
        v = self.fresh("v")
        tail = f"for {v} in {self.items(0)}"
        if self.dice.chance(40):
            tail += f" if {v} % 2 == {self.dice.roll(2)}"
        if self.dice.chance(25):
            w = self.fresh("v")
            tail += f" for {w} in range({1 + self.dice.roll(2)})"
        value = f"{v} + {self.number(max(deep - 1, 0))}" if deep > 0 else v
        left, right = self.dice.pick(("[]", "{}", ["(", ")"]))
        return f"{left}{value} {tail}{right}"

    def spread(self, opening, closing, count):
        """Writes a bracketed list of numbers, one a line."""
        self.put(opening)
        self.depth += 1
        for _ in range(count):
            self.put(f"{self.number(1)},")
        self.depth -= 1
        self.put(closing)

    # Statements.

    def statement(self, budget):
        if budget < 6 or self.depth > 5:
            self.simple()
            return
        self.dice.pick((
            self.simple, self.simple, self.one_line, self.one_line,
            lambda: self.condition(budget), lambda: self.condition(budget),
            lambda: self.for_loop(budget), lambda: self.for_loop(budget),
            lambda: self.while_loop(budget), lambda: self.while_loop(budget),
            lambda: self.try_block(budget), lambda: self.try_block(budget),
            lambda: self.try_block(budget), lambda: self.with_block(budget),
            lambda: self.match_block(budget), lambda: self.function(budget),
            lambda: self.function(budget), lambda: self.generator(budget),
            lambda: self.class_body(budget), lambda: self.group(budget),
            lambda: self.call(budget), lambda: self.call(budget),
            lambda: self.use_generator(budget), lambda: self.use_class(budget),
            lambda: self.run_string(), lambda: self.coroutine(budget),
        ))()

    def simple(self):
        name = self.dice.pick(self.NAMES)
        kind = self.dice.roll(10)
        if kind == 0:
            self.put(f"{name} = {self.number()}; {self.dice.pick(self.NAMES)} = {self.number(1)}")
        elif kind == 1:
            self.spread(f"{name} = sum([", "]) % 101", 1 + self.dice.roll(3))
        elif kind == 2:
            self.put(f"{name} += 1")
        elif kind == 3:
            self.put(f"{self.dice.pick(self.NAMES)}, {name} = {name}, {self.number(1)}")
        elif kind == 4:
            self.put(f"log.append({self.comprehension()})")
        elif kind == 5:
            self.put(f"assert {name} == {name}, (")
            self.put(f"    {self.number(1)}")
            self.put(")")
        elif kind == 6 and self.in_loop:
            self.put(f"if {self.test()}: {self.dice.pick(('break', 'continue'))}")
        elif kind == 7 and self.in_function:
            self.put(f"if {self.test()}: return {self.number()}")
        elif kind == 8:
            self.put(f"log.sort(key=lambda v: (type(v).__name__, {name})); del log[2:]")
        else:
            self.put(f"{name} = {self.number()}")

    def one_line(self):
        counter = self.fresh("n")
        name = self.dice.pick(self.NAMES)
        kind = self.dice.roll(6)
        if kind == 0:
            self.put(f"{counter} = {2 + self.dice.roll(6)}")
            self.put(f"while {counter}: {counter} -= 1")
        elif kind == 1:
            self.put(f"for {counter} in {self.items()}: {name} = {counter}")
        elif kind == 2:
            self.put(f"for {counter} in {self.items()}: pass")
        elif kind == 3:
            self.put(f"for {counter} in range(4): {name} = {counter}; log[:] = [{name}]")
        elif kind == 4:
            self.put(f"if {self.test()}: {name} = {self.number(1)}")
            if self.dice.chance(50):
                self.put(f"else: {name} = {self.number(1)}")
        else:
            self.put(f"def {counter}(v={name}): return v * 2")
            self.put(f"{name} = {counter}({self.number(1)}) % 53")

    def condition(self, budget):
        self.put(f"if {self.test()}:")
        self.body(budget)
        if self.dice.chance(40):
            self.put(f"elif {self.test()}:")
            self.body(budget)
        if self.dice.chance(50):
            self.put("else:")
            self.body(budget)

    def for_loop(self, budget):
        turns = 1 + self.dice.roll(4)
        variable = self.fresh("i")
        source = self.dice.pick((
            f"range({turns})",
            f"list(range({turns}))",
            f"(v * 2 for v in range({turns}))",
            f"enumerate('{'x' * turns}')",
            f"map(lambda v: v + 1, range({turns}))",
            f"sorted(range({turns}), key=lambda v: -v)",
        ))
        self.put(f"for {variable} in {source}:")
        self.inner(budget // turns, in_loop=True)
        if self.dice.chance(25):
            self.put("else:")
            self.body(budget // turns)

    def while_loop(self, budget):
        turns = 1 + self.dice.roll(4)
        counter = self.fresh("n")
        self.put(f"{counter} = {turns}")
        self.put(f"while {counter} > 0:" if self.dice.chance(70) else f"while ({counter} > 0")
        if self.lines[-1].endswith("0"):
            self.put("       and True):")
        self.depth += 1
        self.put(f"{counter} -= 1")
        self.depth -= 1
        self.inner(budget // turns, in_loop=True)
        if self.dice.chance(25):
            self.put("else:")
            self.body(budget // turns)

    def try_block(self, budget):
        error = self.dice.pick(self.ERRORS)
        self.put("try:")
        self.body(budget // 2)
        self.depth += 1
        if self.dice.chance(60):
            self.raising(error)
        self.depth -= 1
        handlers = self.dice.roll(3)
        if handlers == 0:
            self.put(f"except {error} as error:")
            self.body(budget // 4)
            if self.dice.chance(20):
                self.put("except Exception:")
                self.body(budget // 4)
            else:
                self.put("except:")
                self.put("    log.append(2)")
        elif handlers == 1:
            self.put(f"except ({error}, {self.dice.pick(self.ERRORS)}):")
            self.body(budget // 4)
            self.put("except BaseException: pass")
        else:
            self.put("except BaseException as error:")
            self.depth += 1
            self.put("log.append(type(error).__name__)")
            if self.in_function and self.dice.chance(20):
                self.put("raise")
            self.depth -= 1
        if self.dice.chance(30):
            self.put("else:")
            self.body(budget // 4)
        if self.dice.chance(40):
            self.put("finally:")
            # `break`, `continue` and `return` here would be warned about by later versions.
            self.inner(budget // 4, in_loop=False, in_function=False)

    def raising(self, error):
        kind = self.dice.roll(5)
        if kind == 0:
            self.put(f"if {self.test()}: raise {error}({self.number(1)})")
        elif kind == 1:
            self.put(f"raise {error}(")
            self.put(f"    {self.number(1)},")
            self.put(")")
        elif kind == 2:
            self.put("a = [")
            self.put(f"    {self.number(1)},")
            self.put("    1 // 0,")
            self.put(f"    {self.number(1)},")
            self.put("]")
        elif kind == 3:
            self.put("{}['missing']")
        else:
            self.put(f"[1 // (v - 2) for v in range({1 + self.dice.roll(4)})]")

    def with_block(self, budget):
        first = f"Manager({self.dice.pick(('True', 'False'))})"
        kind = self.dice.roll(3)
        if kind == 0:
            self.put(f"with {first} as held, managed({self.dice.roll(5)}) as got:")
        elif kind == 1:
            self.put("with (")
            self.put(f"    {first},")
            self.put(f"    managed({self.dice.roll(5)}),")
            self.put("):")
        else:
            self.put(f"with {first}:")
        self.body(budget)
        if "True" in first and self.dice.chance(40):
            self.depth += 1
            self.put(f"raise {self.dice.pick(self.ERRORS)}")
            self.depth -= 1

    def match_block(self, budget):
        subject = self.dice.pick((
            self.number(), f"[{self.number(1)}, {self.number(1)}]", "{'k': a, 'l': b}", "'text'", "Shape(a, b)",
        ))
        self.put(f"match {subject}:")
        self.depth += 1
        cases = (
            "0 | 1 | 2", "int(n) if n % 2", "[x, y] if x < y", "[x, *rest]", "{'k': k, **others}",
            "str()", "Shape(x=0)", "Shape(x, y)", "'text' as t", "[int(), int()]", "None",
        )
        start = self.dice.roll(len(cases))
        for offset in range(1 + self.dice.roll(4)):
            self.put(f"case {cases[(start + offset * 3) % len(cases)]}:")
            self.body(budget // 2)
        if self.dice.chance(60):
            self.put("case _:")
            self.body(budget // 2)
        self.depth -= 1

    def function(self, budget):
        if self.depth > 3:
            self.simple()
            return
        name = self.fresh("f")
        cost = max(budget // 4, 6)
        decorator = self.dice.roll(5)
        if decorator == 0:
            self.put("@twice")
            cost *= 2
        elif decorator == 1:
            self.put("@tagged(")
            self.put("    tag=1,")
            self.put(")")
        self.put(f"def {name}({', '.join(self.NAMES)}):")
        self.depth += 1
        if self.dice.chance(20):
            self.put('"""Docstring."""')
        closure = None
        if self.dice.chance(40):
            closure = self.fresh("inner")
            self.put(f"def {closure}():")
            self.put("    nonlocal a")
            self.put(f"    a = {self.number(1)}")
            self.put("    return a")
        self.depth -= 1
        outer = list(self.functions), list(self.generators), list(self.classes)
        self.inner(cost, in_loop=False, in_function=True)
        self.functions, self.generators, self.classes = outer
        self.depth += 1
        self.put(f"return {closure}() + b" if closure else f"return {self.number()}")
        self.depth -= 1
        if self.dice.chance(30):
            # Recursion with a counter: the name is bound to a wrapper that calls it.
            again = self.fresh("f")
            self.put(f"def {again}(n, *rest):")
            self.put(f"    if n <= 0: return {name}(1, 2, 3, 4)")
            self.put(f"    return {again}(n - 1, *rest)")
            self.put(f"a = {again}({1 + self.dice.roll(5)}, 0)")
        if self.depth == 0:
            self.functions.append((name, cost))
        else:
            self.put(f"b = {name}(a, b, c, d)")

    def call(self, budget):
        able = [name for name, cost in self.functions if cost <= budget]
        if not able:
            self.one_line()
            return
        name = self.dice.pick(able)
        arguments = [self.number(1) for _ in self.NAMES]
        kind = self.dice.roll(3)
        target = self.dice.pick(self.NAMES)
        if kind == 0:
            self.put(f"{target} = {name}({', '.join(arguments)})")
        elif kind == 1:
            self.put(f"{target} = {name}(")
            for argument in arguments:
                self.put(f"    {argument},")
            self.put(")")
        else:
            self.put(f"{target} = {name}(*[{', '.join(arguments)}])")
        self.put(f"{target} = {target} if isinstance({target}, int) else 3")

    def generator(self, budget):
        if self.depth > 2:
            self.simple()
            return
        name = self.fresh("g")
        turns = 1 + self.dice.roll(3)
        self.put(f"def {name}(a, b, c, d):")
        self.depth += 1
        kind = self.dice.roll(3)
        if kind == 0:
            self.put(f"for turn in range({turns}):")
            self.put("    try:")
            self.put("        got = yield turn")
            self.put("    except ValueError:")
            self.put("        yield -1")
            self.put("    finally:")
            self.put("        log.append(turn)")
        elif kind == 1:
            self.put(f"yield from range({turns})")
            self.put(f"yield {self.number(1)}")
        else:
            self.put(f"yield {self.number(1)}; yield {self.number(1)}")
            self.put("with managed(1):")
            self.put("    yield b")
        self.depth -= 1
        if self.depth == 0:
            self.generators.append(name)
        self.drain(name)

    def use_generator(self, budget):
        if self.generators:
            self.drain(self.dice.pick(self.generators))
        else:
            self.one_line()

    def drain(self, name):
        made = f"{name}({', '.join(self.number(1) for _ in self.NAMES)})"
        kind = self.dice.roll(5)
        held = self.fresh("held")
        if kind == 0:
            self.put(f"for {held} in {made}: c = {held}")
        elif kind == 1:
            self.put(f"log.append(list({made}))")
        elif kind == 2:
            self.put(f"{held} = {made}")
            self.put(f"next({held}); {held}.close()")
        elif kind == 3:
            self.put(f"{held} = {made}")
            self.put("try:")
            self.put(f"    next({held})")
            self.put(f"    {held}.throw(ValueError(1))")
            self.put("except (ValueError, StopIteration):")
            self.put("    log.append('thrown')")
            self.put(f"del {held}")
        else:
            self.put(f"{held} = {made}")
            self.put("try:")
            self.put(f"    {held}.send(None)")
            self.put(f"    while True: {held}.send(None)")
            self.put("except StopIteration: pass")

    def class_body(self, budget):
        if self.depth > 2:
            self.simple()
            return
        name = self.fresh("C")
        base = self.dice.pick(("", "(Shape)", "(metaclass=Meta)"))
        self.put(f"class {name}{base}:")
        self.depth += 1
        if self.dice.chance(30):
            self.put('"""Docstring."""')
        self.put(f"size = {self.dice.roll(9)}")
        self.put(f"table = [v * 2 for v in range({1 + self.dice.roll(3)})]")
        if self.dice.chance(40):
            self.put("for index in range(2):")
            self.put("    size += index")
        self.put("def __init__(self, x=1, y=2):")
        self.put("    self.x = x; self.y = y")
        self.put("@property")
        self.put("def doubled(self):")
        self.put("    return self.size * 2")
        self.put("def __lt__(self, other): return self.size < other")
        if self.dice.chance(40):
            self.put("def __del__(self):")
            self.put("    log.append(")
            self.put("        self.size")
            self.put("    )")
        if self.dice.chance(40):
            self.put("def __getattr__(self, name):")
            self.put("    if name == 'last': return 1")
            self.put("    return getattr(self, 'last')")
        else:
            self.put("other = 0")
        self.depth -= 1
        if self.depth == 0:
            self.classes.append(name)
        self.build(name)

    def use_class(self, budget):
        if self.classes:
            self.build(self.dice.pick(self.classes))
        else:
            self.one_line()

    def build(self, name):
        thing = self.fresh("thing")
        self.put(f"{thing} = {name}(")
        self.put(f"    {self.number(1)}")
        self.put(")")
        self.put(f"d = {thing}.doubled + {thing}.other")
        if self.dice.chance(50):
            self.put(f"c = {thing} < {self.number(1)}")
        if self.dice.chance(60):
            self.put(f"del {thing}")

    def group(self, budget):
        if not self.dice.chance(50):
            self.simple()
            return
        self.put("try:")
        self.put(f"    raise ExceptionGroup('g', [{self.dice.pick(self.ERRORS)}(1), {self.dice.pick(self.ERRORS)}(2)])")
        self.put(f"except* {self.dice.pick(self.ERRORS)} as part:")
        self.inner(budget // 4, in_loop=False, in_function=False)
        self.put("except* Exception:")
        self.put("    log.append(3)")

    def run_string(self):
        name = self.fresh("made")
        kind = self.dice.roll(3)
        if kind == 0:
            self.put(f"exec('{name} = 1\\nfor i in range(3):\\n    {name} += i', {{}})")
        elif kind == 1:
            self.put("a = eval('(lambda v:\\n v + 1)(3)')")
        else:
            self.put(f"{name} = compile('q = 1\\nq += 1', '<{name}>', 'exec')")
            self.put(f"for turn in range(2): exec({name}, {{}})")

    def coroutine(self, budget):
        if self.depth > 2:
            self.simple()
            return
        name = self.fresh("co")
        self.put(f"async def {name}(n):")
        self.put("    async with Manager(True) as held:")
        self.put("        await pause()")
        self.put("        found = [v async for v in ticks(n)]")
        self.put("        async for v in ticks(2):")
        self.put("            if v: break")
        self.put("        raise KeyError(n)")
        self.put("    return n")
        self.put(f"log.append(drive({name}({1 + self.dice.roll(3)})))")

    def program(self):
        self.lines = PRELUDE.splitlines()
        spent = 0
        while spent < self.BUDGET:
            share = 30 + self.dice.roll(60)
            # What a top-level statement leaves uncaught must not end every program early.
            if self.dice.chance(60):
                self.put("try:")
                self.body(share)
                self.put("except Exception: log.append('top')")
            else:
                self.statement(share)
            spent += share
        return "\n".join(self.lines) + "\n"


PRELUDE = '''\
import contextlib
from dataclasses import dataclass

a, b, c, d = 1, 2, 3, 4
log = []


@dataclass
class Shape:
    x: int
    y: int
    size = 2
    other = 5
    doubled = property(lambda self: self.x * 2)


class Meta(type):
    def __new__(meta, name, bases, namespace):
        namespace["made"] = True
        return super().__new__(meta, name, bases, namespace)


class Manager:
    def __init__(self, swallow): self.swallow = swallow
    def __enter__(self): return self
    def __exit__(self, kind, value, traceback):
        log.append(kind)
        return self.swallow
    async def __aenter__(self): return self
    async def __aexit__(self, kind, value, traceback):
        await pause()
        return self.swallow


class pause:
    def __await__(self):
        yield


@contextlib.contextmanager
def managed(n):
    log.append(n)
    try:
        yield n
    finally:
        log.append(-n)


def twice(function):
    def wrapper(*args):
        function(*args)
        return function(*args)
    return wrapper


def tagged(tag):
    return lambda function: function


async def ticks(n):
    for i in range(n):
        await pause()
        yield i


def drive(coroutine):
    try:
        while True: coroutine.send(None)
    except StopIteration as stop:
        return stop.value


'''


def main(folder, count):
    for seed in range(count):
        with open(os.path.join(folder, f"generated_{seed:03}.py"), "w", encoding="utf-8") as file:
            file.write(Writer(seed).program())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
