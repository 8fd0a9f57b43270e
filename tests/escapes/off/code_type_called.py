# technique: a code object is made from parts
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: violation tamper | limit steps
import types

code = (lambda: 1).__code__
kind = type(code)
print("LEAKED", kind(0, 0, 0, 0, 0, 0, b"", (), (), (), "f", "n", "q", 1, b"", b"", (), ()))
