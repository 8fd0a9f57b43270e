# technique: a buffer grows by an iterator that never ends
# policy:
# | [limits]
# | memory = "256MiB"
# | wall = "20s"
# expect: limit memory | raised MemoryError
import itertools

bytearray(itertools.repeat(1))
print("LEAKED")
