# policy:
# | [limits]
# | memory = "256MiB"
# tells: a MemoryError is an exception like others for who handles it
# expect: completed | limit memory
# stdout: lives on
try:
    block = bytearray(1 << 30)
except MemoryError:
    print("lives on")
