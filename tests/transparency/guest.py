"""Runs one module of CPython's own tests and writes an object of JSON a line about each test.

    guest.py (plain|lictor) RESULTS MODULE PASSED_OVER

It is the script of both runs that are compared. The tests' code is compiled by this file
rather than by importlib's loader: under Lictor it is then the guest's, and every line, call
and exception of the tests passes through the hook. `PASSED_OVER` names a file with the tests
that aren't to be run, one a line: those of an earlier run that the last of them ended.
"""

import sys

MODE, RESULTS, MODULE, PASSED_OVER = sys.argv[1:]
if MODE == "plain":
    import site

    # What Lictor prepares for a guest, done to a plain interpreter.
    sys.path.insert(0, site.os.path.dirname(sys.argv[0]))
    sys.path += [folder for folder in site.getsitepackages([sys.prefix]) if site.os.path.isdir(folder)]
    for name in ("setquit", "setcopyright", "sethelper"):
        getattr(site, name)()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)

import importlib.machinery
import importlib.util
import json
import os
import random
import time
import traceback
import unittest

SINK = os.open(RESULTS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def tell(*, write=os.write, sink=SINK, dumps=json.dumps, **what):
    """Whole lines, unbuffered: what was told stays told, however the run ends."""
    write(sink, dumps(what).encode() + b"\n")


class GuestLoader(importlib.machinery.SourceFileLoader):
    """Compiles a source itself, so that the code is the guest's."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return compile(self.get_data(path), path, "exec", dont_inherit=True)


class GuestFinder:
    """Finds the tests, and leaves their helpers (`test.support`) to the library."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        if not fullname.startswith("test.test_"):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = GuestLoader(spec.loader.name, spec.loader.path)
            spec.cached = None
        return spec


def reason(error):
    """The last line of a failure, for whoever looks for its cause."""
    kind, value, _ = error
    try:
        text = str(value)
    except BaseException as broken:
        text = f"(no text: {type(broken).__name__})"
    return f"{kind.__name__}: {text}"[-600:]


class Told(unittest.TestResult):
    """Tells each test's outcome when the test is over."""

    def startTest(self, test):
        super().startTest(test)
        self.outcomes, self.reasons = [], []
        random.seed(0)
        self.since = time.monotonic()
        tell(started=test.id())

    def stopTest(self, test):
        super().stopTest(test)
        outcome = "+".join(sorted(set(self.outcomes))) or "ok"
        if hasattr(test, "observed"):
            outcome += f": {test.observed!r}"
        tell(
            test=test.id(),
            outcome=outcome,
            reasons=self.reasons,
            seconds=round(time.monotonic() - self.since, 4),
        )
        self.outcomes = None

    def note(self, test, outcome, why=None):
        if getattr(self, "outcomes", None) is None:
            # A fixture of a class or a module: no test was started for it.
            tell(test=test.id(), outcome=outcome, reasons=[why or ""], seconds=0)
            return
        self.outcomes.append(outcome)
        if why:
            self.reasons.append(why)

    def addError(self, test, err):
        self.note(test, "error", reason(err))

    def addFailure(self, test, err):
        self.note(test, "fail", reason(err))

    def addSkip(self, test, why):
        self.note(test, "skip", str(why))

    def addExpectedFailure(self, test, err):
        self.note(test, "xfail")

    def addUnexpectedSuccess(self, test):
        self.note(test, "xpass")

    def addSubTest(self, test, subtest, err):
        if err is None:
            return
        outcome = "fail" if issubclass(err[0], test.failureException) else "error"
        self.note(test, outcome, f"{subtest._subDescription()} {reason(err)}")


def remaining(suite, passed_over):
    """The suite without the tests that aren't to be run."""
    kept = []
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            kept.append(remaining(test, passed_over))
        elif test.id() not in passed_over:
            kept.append(test)
    return type(suite)(kept)


def main():
    for name, value in {
        "path": sys.path,
        "flags": list(sys.flags),
        "recursion": sys.getrecursionlimit(),
        "main": sorted(name for name in globals() if name.startswith("__")),
        "builtins": dir(__builtins__),
        "variables": sorted(os.environ.items()),
        "depth": sum(1 for _ in traceback.walk_stack(None)),
    }.items():
        tell(test=f"environment.{name}", outcome=json.dumps(value), reasons=[], seconds=0)
    with open(PASSED_OVER, encoding="utf-8") as lines:
        passed_over = set(lines.read().split("\n"))
    sys.meta_path.insert(0, GuestFinder)
    from test import support

    support.use_resources = []
    try:
        module = importlib.import_module(MODULE)
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    except unittest.SkipTest as skipped:
        tell(test="import", outcome="skip", reasons=[str(skipped)], seconds=0)
    except Exception:
        tell(test="import", outcome="error", reasons=[reason(sys.exc_info())], seconds=0)
    else:
        tell(test="import", outcome="ok", reasons=[], seconds=0)
        remaining(suite, passed_over).run(Told())
    tell(finished=True)


if __name__ == "__main__":
    main()
