#!/usr/bin/env python3
"""Compares CPython's own tests, plain and under Lictor, test by test.

    compare.py [--all | MODULE …] [--python PATH …] [--lictor PATH] [--log FILE]

Every difference that `known.toml` doesn't name fails, and so does one that it names and that
is no more. A test is flaky, and says nothing, if it differs between two plain runs: modules
with a difference are run plain once more. Exit status 0 if nothing failed; the last line counts
as cargo's does.
"""

import argparse
import concurrent.futures
import json
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import known
import runs

HERE = Path(__file__).resolve().parent
# The project's own observations; they aren't CPython's.
PROBES = "probes"
# Slower than this many times is a difference, where it takes long enough to be measured, and
# apart from what the records cost: there is one for each call, even of `len`.
CLIFF = 20
MEASURABLE = 2.0
SECONDS_A_RECORD = 50e-6


def main():
    options = arguments()
    # A job in the background ignores it, and so would the plain runs; a worker doesn't.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    modules = tomllib.loads((HERE / "modules.toml").read_text())
    names = options.module or (modules["few"] + modules["more"] if options.all else modules["few"])
    names = [name if name == PROBES or name.startswith("test.") else f"test.{name}" for name in names]
    listed = known.load()
    failed = passed = 0
    if not known.documented(listed):
        print("FAILED: docs/transparency.md isn't what known.toml says (known.py writes it)")
        failed += 1
    else:
        passed += 1
    with open(options.log, "w", encoding="utf-8") if options.log else open(os.devnull, "w") as log:
        for python in options.python:
            version = version_of(python)
            tally = compare_all(python, version, names, options, listed, log)
            print(
                f"CPython {version}: {tally.tests} tests compared, {tally.differences} differences, "
                f"{tally.known} of them known, {tally.flaky} flaky tests left out, "
                f"{tally.steps} steps, {tally.events} events",
                flush=True,
            )
            passed += tally.passed
            failed += tally.failed
    print(f"test result: {'FAILED' if failed else 'ok'}. {passed} passed; {failed} failed;")
    return 1 if failed else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("module", nargs="*", help="modules of tests; without: the few of modules.toml")
    parser.add_argument("--all", action="store_true", help="all modules of modules.toml")
    parser.add_argument("--python", action="append", help="a CPython; without: LICTOR_TEST_PYTHONS")
    parser.add_argument("--lictor", default=str(HERE.parents[1] / "target/debug/lictor"))
    parser.add_argument("--wall", type=int, default=600, help="seconds that one run may take")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--log", help="write each difference as an object of JSON a line")
    options = parser.parse_args()
    if not options.python:
        options.python = [path for path in os.environ.get("LICTOR_TEST_PYTHONS", "").split(":") if path]
    options.python = options.python or [sys.executable]
    return options


def version_of(python):
    """`3.12`."""
    command = [python, "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


class Tally:
    """Counts of one interpreter's comparisons."""

    def __init__(self):
        self.tests = self.differences = self.known = self.flaky = self.steps = self.events = 0
        self.passed = self.failed = 0

    def add(self, comparison, failures):
        """Takes up one module's comparison."""
        self.tests += comparison.tests
        self.flaky += comparison.flaky
        self.steps += comparison.steps
        self.events += comparison.events
        self.differences += len(comparison.differences)
        self.passed += max(comparison.tests - len(failures), 0)
        self.failed += len(failures)


def compare_all(python, version, names, options, listed, log):
    """Compares modules, several at a time, and prints what differs."""
    tally = Tally()
    met = set()
    there = [name for name in names if exists(python, name)]
    if there != names:
        print(f"CPython {version} has no {', '.join(name for name in names if name not in there)}")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        comparisons = {name: pool.submit(compare, python, name, options) for name in there}
        for name, comparison in comparisons.items():
            comparison = comparison.result()
            failures = list(comparison.complaints)
            for found in comparison.differences:
                row = known.find(listed, version, found["test"])
                if row is None:
                    failures.append(f"{found['test']}: {shown(found)}")
                else:
                    met.add(row)
                    tally.known += 1
                found |= {"version": version, "known": row and row.mechanism}
                print(json.dumps(found), file=log, flush=True)
            tally.add(comparison, failures)
            print(
                f"{version} {name}: {comparison.tests} tests, {len(comparison.differences)} differ, "
                f"{comparison.plain_seconds:.1f} s plain, {comparison.lictor_seconds:.1f} s under Lictor, "
                f"{comparison.steps} steps, {comparison.events} events",
                flush=True,
            )
            for failure in failures:
                print(f"    FAILED: {failure}", flush=True)
    for row in known.expected(listed, version, comparisons):
        if row not in met:
            print(f"    FAILED: {row.tests} is listed in known.toml and doesn't differ on {version}")
            tally.failed += 1
    return tally


def shown(found):
    """One line."""
    ends = [found["plain"].replace("\n", " "), found["lictor"].replace("\n", " ")]
    # Long observations share a beginning.
    shared = len(os.path.commonprefix(ends)) if max(map(len, ends)) > 200 else 0
    ends = [end[max(shared - 40, 0) :][:200] for end in ends]
    reasons = "; ".join(found["reasons"]).replace("\n", " ")[-300:]
    return f"{ends[0]} became {ends[1]}" + (f" ({reasons})" if reasons else "")


def exists(python, name):
    """Has this version these tests?"""
    if name == PROBES:
        return True
    command = [python, "-I", "-S", "-c", "import importlib.util as u, sys; sys.exit(not u.find_spec(sys.argv[1]))"]
    return subprocess.run([*command, name], check=False, stderr=subprocess.DEVNULL).returncode == 0


class Comparison:
    """What one module's two runs have to say about each other."""

    def __init__(self, plain, lictor):
        self.differences = list(different(plain, lictor))
        self.tests = len(plain.tests)
        self.steps, self.events = lictor.steps, lictor.events
        self.plain_seconds, self.lictor_seconds = plain.seconds, lictor.seconds
        self.flaky = 0
        self.complaints = []

    def leave_out(self, flaky):
        """Forgets the tests that differ between plain runs."""
        self.differences = [found for found in self.differences if found["test"] not in flaky]
        self.flaky = len(flaky)

    def complain(self, name, ran):
        """A hook that idles proves nothing; one that crawls isn't transparent."""
        if ran and self.steps == 0:
            self.complaints.append(f"{name}: no step was counted")
        if ran and self.events == 0:
            self.complaints.append(f"{name}: no event was recorded")
        records = self.events * SECONDS_A_RECORD
        if self.lictor_seconds - records > max(CLIFF * self.plain_seconds, MEASURABLE):
            self.complaints.append(
                f"{name}: {self.lictor_seconds:.1f} s under Lictor, {self.plain_seconds:.1f} s without"
            )


def compare(python, name, options):
    plain = runs.run(runs.Plain(python), name, options.wall)
    lictor = runs.run(runs.Lictor(options.lictor, python), name, options.wall)
    comparison = Comparison(plain, lictor)
    if comparison.differences:
        again = runs.run(runs.Plain(python), name, options.wall)
        comparison.leave_out({found["test"] for found in different(plain, again)})
    comparison.complain(name, plain.tests.get("import", runs.Test("")).outcome == "ok")
    for found in comparison.differences:
        if not found["test"].startswith(name):
            found["test"] = f"{name} ({found['test']})"
    return comparison


def different(one, other):
    """The tests that came to different ends, either of which may be none.

    Without the same import there is nothing else to compare.
    """
    nothing = runs.Test("nothing")
    imports = [run.tests.get("import", nothing) for run in (one, other)]
    if imports[0].outcome != imports[1].outcome:
        yield difference("import", *imports)
        return
    for test in {**one.tests, **other.tests}:
        first, second = one.tests.get(test, nothing), other.tests.get(test, nothing)
        if first.outcome != second.outcome:
            yield difference(test, first, second)


def difference(test, plain, lictor):
    """As the log has it."""
    return {"test": test, "plain": plain.outcome, "lictor": lictor.outcome, "reasons": lictor.reasons}


if __name__ == "__main__":
    sys.exit(main())
