# technique: a parser makes an object for each byte
# policy:
# | [limits]
# | memory = "256MiB"
# | wall = "20s"
# expect: limit memory | raised MemoryError
import json

json.loads("[" + "{}," * 10**7 + "{}]")
print("LEAKED")
