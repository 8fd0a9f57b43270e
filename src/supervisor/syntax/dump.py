# Prints the syntax tree of the source on stdin as this interpreter parses it. Run with -I -S.
#
# The source is parsed and nothing else: not compiled, not imported, not executed. Nothing is
# judged here either; the tree is printed as it is, in the order of its text, a node a line:
#
#     DEPTH FIELD KIND LINE COLUMN END_LINE END_COLUMN KEY=VALUE…
#
# with the parent's FIELD that the node stands in and, for keys, what the node holds besides
# other nodes: identifiers, flags, operators, and of a constant its type. Positions are CPython's
# (lines from 1, columns from 0 in bytes of UTF-8), all 0 for a node that has none. The last line
# says how the parser ended: `tree NODES`, `unparsed` (a syntax error), `too-large`, or
# `gave-up WHY`.
import sys

ONLY_AST = 0x400  # ast.PyCF_ONLY_AST
POSITION = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def line_of(node, depth, field, children):
    """The line for one node; its child nodes are added to `children`."""
    words = [str(depth), field, type(node).__name__]
    words += [str(getattr(node, name, None) or 0) for name in POSITION]
    for name in node._fields:
        value = getattr(node, name, None)
        items = value if type(value) is list else [value]
        plain = []
        for item in items:
            if item is None:
                continue
            if not hasattr(item, "_fields"):
                is_constant = name == "value" and type(node).__name__ == "Constant"
                plain.append(type(item).__name__ if is_constant else str(item))
            elif item._fields or hasattr(item, "lineno"):
                children.append((item, depth + 1, name))
            else:
                plain.append(type(item).__name__)
        if plain:
            words.append(name + "=" + ",".join(plain))
    return " ".join(words)


def dump(source, most, write):
    """Writes the lines of the nodes; returns the last line."""
    try:
        tree = compile(source, "<script>", "exec", ONLY_AST, True)
    except (SyntaxError, ValueError):
        return "unparsed"
    todo = [(tree, 0, "-")]
    count = 0
    while todo:
        count += 1
        if count > most:
            return "too-large"
        children = []
        write(line_of(*todo.pop(), children) + "\n")
        todo += reversed(children)
    return "tree " + str(count)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")
    try:
        last = dump(sys.stdin.buffer.read(), int(sys.argv[1]), sys.stdout.write)
    except Exception as error:  # MemoryError, RecursionError
        why = type(error).__name__ + ": " + str(error)
        last = "gave-up " + " ".join(why.split()).rstrip(":")
    print(last)
