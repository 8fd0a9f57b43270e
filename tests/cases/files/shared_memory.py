# policy:
# | [files]
# | write = ["{cwd}/**"]
# expect: violation file-write
# expect-rule: files.write
from multiprocessing import shared_memory

shared_memory.SharedMemory(create=True, size=10)  # here
