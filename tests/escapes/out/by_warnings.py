# technique: warnings are written by C code to the stream of errors
# policy:
# | [limits]
# | output = "1MiB"
# expect: limit output
import warnings

warnings.simplefilter("always")
for _ in range(2000):
    warnings.warn("x" * 1000)
print("\nLEAKED")
