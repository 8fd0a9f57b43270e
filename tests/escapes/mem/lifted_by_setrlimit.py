# technique: the guest raises its own limit first
# policy:
# | [limits]
# | memory = "256MiB"
# | wall = "20s"
# expect: limit memory | raised MemoryError
import resource

limit = resource.RLIM_INFINITY
try:
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
except (ValueError, OSError):
    pass
bytearray(600 << 20)
print("LEAKED")
