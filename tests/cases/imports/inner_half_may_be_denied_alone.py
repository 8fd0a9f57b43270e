# policy:
# | [imports]
# | deny = ["_struct"]
# expect: completed
# stdout: 4
import struct
print(struct.calcsize("i"))
