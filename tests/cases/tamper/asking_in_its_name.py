# python: 3.14+
# expect: violation tamper
# expect-subject: _interpreters
import concurrent.futures

try:
    exec("import _interpreters", vars(concurrent.futures))
except ImportError:
    pass
print("LEAKED")
