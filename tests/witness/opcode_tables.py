"""Writes or checks the tables in src/hook/opcodes, one for each CPython minor version.

    python3.12 opcode_tables.py check    compare this interpreter with its table
    python3.12 opcode_tables.py write    make the table from this interpreter's headers

Opcode numbers are fixed within a minor version (they are part of the bytecode's magic
number), so the tables change only when a version is added.
"""

import dis
import opcode
import pathlib
import re
import sys
import sysconfig
import types

TAG = "cp%d%d" % sys.version_info[:2]
TABLE = pathlib.Path(__file__).parents[2] / "src" / "hook" / "opcodes" / (TAG + ".rs")
UNDERLYING_ELSEWHERE = {"INSTRUMENTED_LINE", "INSTRUMENTED_INSTRUCTION"}


def caches():
    """Inline cache entries by opcode name."""
    entries = opcode._inline_cache_entries
    if isinstance(entries, list):
        entries = {n: entries[number] for n, number in opcode.opmap.items() if number < 256}
    return entries


def jump(name, number):
    # What END_ASYNC_FOR has in its argument is where its loop begins: it never goes there.
    if number not in dis.hasjrel or name == "END_ASYNC_FOR":
        return "None"
    return "Backward" if "JUMP_BACKWARD" in name else "Forward"


def numbers_in_headers():
    include = pathlib.Path(sysconfig.get_paths()["include"])
    header = include / ("opcode_ids.h" if sys.version_info >= (3, 13) else "opcode.h")
    defines = re.findall(r"#define ([A-Z]\w+) +(\d+)", header.read_text())
    return {name: int(number) for name, number in defines}


def bases_in_headers():
    """Specialised name -> base name, from _PyOpcode_Deopt."""
    internal = pathlib.Path(sysconfig.get_paths()["include"]) / "internal"
    name = "pycore_opcode_metadata.h" if sys.version_info >= (3, 13) else "pycore_opcode.h"
    table = (internal / name).read_text().split("_PyOpcode_Deopt[256] = {")[1].split("}")[0]
    return dict(re.findall(r"\[(\w+)\] = (\w+)", table))


def write():
    numbers, bases = numbers_in_headers(), bases_in_headers()
    rows = []
    for name, number in sorted(opcode.opmap.items(), key=lambda item: item[1]):
        base = name.removeprefix("INSTRUMENTED_")
        if number >= 256 or base != name or bases.get(name, name) != name:
            continue
        forms = sorted(
            numbers[form]
            for form in numbers
            if form != name
            and (bases.get(form) == name or form == "INSTRUMENTED_" + name)
        )
        rows.append(
            '    row(%d, "%s", %d, Jump::%s, &%s),\n'
            % (number, name, caches().get(name, 0), jump(name, number), forms)
        )
    line = numbers.get("INSTRUMENTED_LINE")
    instruction = numbers.get("INSTRUMENTED_INSTRUCTION")
    TABLE.write_text(
        "//! The opcodes of CPython %d.%d, written by tests/witness/opcode_tables.py.\n\n"
        % sys.version_info[:2]
        + "use super::{Jump, Row, row};\n\n"
        + "pub(super) const INSTRUMENTED_LINE: Option<u8> = %s;\n"
        % ("None" if line is None else "Some(%d)" % line)
        + "pub(super) const INSTRUMENTED_INSTRUCTION: Option<u8> = %s;\n\n"
        % ("None" if instruction is None else "Some(%d)" % instruction)
        + "#[rustfmt::skip]\npub(super) const ROWS: &[Row] = &[\n%s];\n" % "".join(rows)
    )


def warmed_code():
    """Code objects whose instructions have been specialised by use."""
    import argparse, collections, csv, difflib, io, json, random, string, textwrap, tokenize

    for _ in range(20):
        json.loads(json.dumps({"a": [1, 2.5, None, {"b": "c"}]}, indent=1))
        textwrap.wrap(string.ascii_letters * 5, 20)
        difflib.unified_diff(["a"], ["b"])
        list(csv.reader(io.StringIO("a,b\n1,2\n")))
        list(tokenize.generate_tokens(io.StringIO("def f(a):\n  return a + 1\n").readline))
        random.Random(1).sample(range(100), 10)
        argparse.ArgumentParser().parse_args([])
        collections.Counter("abracadabra").most_common()
        dis.Bytecode(write).dis()
    functions = [
        value
        for module in list(sys.modules.values())
        for owner in [module, *vars(module).values()]
        if isinstance(owner, (type(sys), type))
        for value in vars(owner).values()
        if isinstance(value, types.FunctionType)
    ]
    return {function.__code__ for function in functions}


def check():
    text = TABLE.read_text()
    pattern = r'row\((\d+), "(\w+)", (\d+), Jump::(\w+), &\[([\d, ]*)\]\)'
    base_of, name_of = {}, {}
    for number, name, cache, direction, forms in re.findall(pattern, text):
        assert opcode.opmap[name] == int(number), name
        assert caches().get(name, 0) == int(cache), name
        assert jump(name, int(number)) == direction, name
        name_of[int(number)] = name
        for form in [number, *re.findall(r"\d+", forms)]:
            assert int(form) not in base_of, form
            base_of[int(form)] = int(number)
    for name, number in opcode.opmap.items():
        if number < 256 and name not in UNDERLYING_ELSEWHERE:
            assert number in base_of, name
    specialised = 0
    for code in warmed_code():
        adaptive, plain = code._co_code_adaptive, code.co_code
        offset = 0
        while offset < len(plain):
            number = base_of[adaptive[offset]]
            assert number == plain[offset], (code, offset)
            specialised += adaptive[offset] != number
            offset += 2 + 2 * caches().get(name_of[number], 0)
    assert specialised > 1000, specialised
    print("ok: %d opcodes, %d specialised instructions" % (len(name_of), specialised))


if __name__ == "__main__":
    {"check": check, "write": write}[sys.argv[1]]()
