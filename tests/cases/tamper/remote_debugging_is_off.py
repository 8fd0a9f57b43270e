# python: 3.14+
# expect: completed
# stdout: False
import sys

print(sys.is_remote_debug_enabled())
