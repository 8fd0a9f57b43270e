# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper | limit steps
import ast
tree = ast.parse("n = 0\nwhile n < 40000:\n    n += 1\nprint('LEAKED', n)")
for node in ast.walk(tree):
    if hasattr(node, "lineno"):
        node.lineno = node.end_lineno = -1
exec(compile(tree, "<tree>", "exec"))
