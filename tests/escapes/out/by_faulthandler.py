# technique: C code writes tracebacks to the descriptor itself
# policy:
# | [limits]
# | output = "1MiB"
# expect: limit output
import faulthandler

for _ in range(200_000):
    faulthandler.dump_traceback(1)
print("\nLEAKED")
