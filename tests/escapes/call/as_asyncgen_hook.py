# technique: the first step of an asynchronous generator calls a hook of sys
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import sys


async def generator():
    yield


sys.set_asyncgen_hooks(firstiter=os.getpgid)
try:
    generator().asend(None).send(None)
except (TypeError, StopIteration):
    pass
print("LEAKED")
