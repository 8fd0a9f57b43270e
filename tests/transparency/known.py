#!/usr/bin/env python3
"""The differences that are known, and their page: `known.py` writes it into docs/transparency.md.

`known.toml` has one entry for each mechanism that is refused on purpose, and the tests that
differ because of it: names, in which `*` is any text.
"""

import fnmatch
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs/transparency.md"
BEGIN, END = "<!-- from tests/transparency/known.toml -->\n", "<!-- end -->\n"


@dataclass(frozen=True)
class Row:
    """Tests that differ for one reason."""

    tests: str
    mechanism: str
    versions: tuple

    @property
    def module(self):
        """`test.test_gc`."""
        return ".".join(self.tests.split(" ")[0].split(".")[:2])


def load():
    """The rows of known.toml, and the mechanisms' words in the order of the file."""
    stated = tomllib.loads((HERE / "known.toml").read_text())
    rows = [
        Row(tests, mechanism["id"], tuple(mechanism.get("versions", ())))
        for mechanism in stated.get("mechanism", [])
        for tests in mechanism["tests"]
    ]
    return rows, stated.get("mechanism", [])


def find(listed, version, test):
    """The row that names a test, or None."""
    for row in listed[0]:
        if applies(row, version) and fnmatch.fnmatchcase(test, row.tests.replace("[", "[[]")):
            return row
    return None


def applies(row, version):
    return not row.versions or version in row.versions


def expected(listed, version, modules):
    """The rows that must be met when these modules were compared."""
    return [row for row in listed[0] if applies(row, version) and row.module in modules]


def table(listed):
    """The page's table."""
    lines = ["| tests | CPython | what differs, and why |\n", "|---|---|---|\n"]
    for mechanism in listed[1]:
        versions = ", ".join(mechanism.get("versions", ["all"]))
        for tests in mechanism["tests"]:
            lines.append(f"| `{tests}` | {versions} | {mechanism['why']} |\n")
    return "".join(lines)


def documented(listed):
    """Does the page have the table of known.toml?"""
    _, _, rest = PAGE.read_text().partition(BEGIN)
    return rest.partition(END)[0] == table(listed)


def main():
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + BEGIN + table(load()) + END + rest.partition(END)[2])


if __name__ == "__main__":
    main()
