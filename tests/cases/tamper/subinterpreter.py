# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper | violation import | violation process | limit steps
code = """
n = 0
while n < 40000:
    n += 1
print("LEAKED", n, flush=True)
"""
try:
    import _interpreters as interpreters
    interpreters.exec(interpreters.create(), code)
except ImportError:
    import _xxsubinterpreters as interpreters
    interpreters.run_string(interpreters.create(), code)
