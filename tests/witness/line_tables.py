"""Prints the line table of each code object of some standard modules, and CPython's reading.

One line for a code object: its first line, its table in hex, and for each code unit the line
that `co_positions` gives, 0 for none.
"""

import importlib.util
import types

MODULES = """argparse ast asyncio.base_events asyncio.tasks bdb calendar cmd
collections configparser contextlib copy csv dataclasses datetime decimal difflib dis doctest
email.message enum fractions functools heapq html.parser http.client inspect json.decoder
logging pathlib pdb pickle platform pprint random re._compiler re._parser sched shutil
smtplib socket statistics string subprocess tarfile tempfile textwrap threading timeit
tokenize traceback types typing unittest.case urllib.parse uuid weakref zipfile""".split()


def codes(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


for name in MODULES:
    spec = importlib.util.find_spec(name)
    with open(spec.origin, "rb") as file:
        module = compile(file.read(), spec.origin, "exec", dont_inherit=True)
    for code in codes(module):
        lines = [position[0] or 0 for position in code.co_positions()]
        print(code.co_firstlineno, code.co_linetable.hex(), *lines)
