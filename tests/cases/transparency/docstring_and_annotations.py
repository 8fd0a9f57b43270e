# expect: completed
# stdout: The docstring. True
"""The docstring."""
x: int = 1
print(__doc__, globals().get("__annotations__", {"x": int}) == {"x": int})
