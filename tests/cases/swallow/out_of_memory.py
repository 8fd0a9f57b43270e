# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# tells: raising needs memory, too
import os
import resource
resource.setrlimit(resource.RLIMIT_AS, (1 << 20, 1 << 20))
hoard = []
try:
    for size in (1 << 20, 1 << 16, 1 << 12, 1 << 9):
        try:
            while True:
                hoard.append(bytes(size))
        except MemoryError:
            pass
    os.getpgid(0)
except BaseException:
    pass
del hoard
print("LEAKED")
