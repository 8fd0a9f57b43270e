# python: 3.14+
# expect: violation tamper
# expect-subject: sys.remote_exec
import os
import sys

try:
    sys.remote_exec(os.getpid(), __file__)  # here
finally:
    print("LEAKED")
