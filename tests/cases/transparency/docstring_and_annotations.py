# expect: completed
# stdout: The docstring. True
"""The docstring."""
import sys
x: int = 1
print(__doc__, sys.modules[__name__].__annotations__ == {"x": int})
