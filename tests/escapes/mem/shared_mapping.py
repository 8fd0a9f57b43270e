# technique: a shared anonymous mapping, which no allocator of Python counts
# policy:
# | [limits]
# | memory = "256MiB"
# | wall = "20s"
# expect: raised OSError | raised | limit memory | raised MemoryError
import mmap

held = mmap.mmap(-1, 600 << 20)
print("LEAKED")
