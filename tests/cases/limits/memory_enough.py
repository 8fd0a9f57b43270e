# policy:
# | [limits]
# | memory = "512MiB"
# expect: completed
# stdout: 33554432
print(len(bytearray(32 << 20)))
