"""with: several managers, suppression, return and raise inside, contextmanager."""

import contextlib

log = []


class Manager:
    def __init__(self, name, swallow=False):
        self.name = name
        self.swallow = swallow

    def __enter__(self):
        log.append(("in", self.name))
        return self

    def __exit__(self, kind, value, traceback):
        log.append(("out", self.name, kind is not None))
        return self.swallow


@contextlib.contextmanager
def managed(n):
    log.append(n)
    try:
        yield n * 2
    finally:
        log.append(-n)


def early():
    with Manager("r"):
        return 1


with Manager("a") as a, Manager("b", swallow=True) as b:
    raise ValueError
with (
    Manager("c"),
    managed(3) as six,
    Manager("d"),
):
    log.append(six)
early()
for n in range(3):
    with Manager("loop"):
        if n == 1:
            continue
        log.append(n)
with contextlib.suppress(KeyError):
    {}["x"]
    log.append("never")
with contextlib.ExitStack() as stack:
    for name in "xyz":
        stack.enter_context(Manager(name))
    stack.callback(log.append, "callback")
try:
    with Manager("e"):
        with Manager("f"):
            1 / 0
except ZeroDivisionError:
    log.append("caught")
