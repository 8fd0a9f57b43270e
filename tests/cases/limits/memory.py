# policy:
# | [limits]
# | memory = "256MiB"
# | wall = "30s"
# expect: limit memory
blocks = []
while True:
    blocks.append(bytearray(16 << 20))
