# technique: there is no memory left for an exception when the violation happens
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call | crashed 6
import os
import resource

hoard = []
resource.setrlimit(resource.RLIMIT_AS, (200 << 20, resource.getrlimit(resource.RLIMIT_AS)[1]))
size = 64 << 20
while size > 8:
    try:
        hoard.append(bytearray(size))
    except MemoryError:
        size //= 2
try:
    os.getpgid(0)
except BaseException:
    pass
hoard = None
print("LEAKED")
