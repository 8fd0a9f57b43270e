# python: 3.14+
# expect: violation tamper
# expect-subject: _interpreters
# not-stdout: other
from concurrent import interpreters  # here

interpreters.create().exec("print('other')")
print("LEAKED")
