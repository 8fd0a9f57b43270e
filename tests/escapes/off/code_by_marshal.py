# technique: code objects come from bytes
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: violation tamper | limit steps
import marshal

code = compile("for i in range(10**5):\n  pass\nprint('LEAKED')", "f", "exec")
exec(marshal.loads(marshal.dumps(code)))
