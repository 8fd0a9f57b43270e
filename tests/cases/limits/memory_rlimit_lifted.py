# policy:
# | [limits]
# | memory = "256MiB"
# tells: the limit can't be raised from inside
# expect: limit memory | raised | completed
# not-stdout: ate it
import resource
try:
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
except (ValueError, OSError, PermissionError):
    pass
block = bytearray(1 << 30)
print("ate it")
