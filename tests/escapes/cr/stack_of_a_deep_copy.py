# technique: C code calls itself for each level of a nested container
# expect: crashed 11 | raised RecursionError
import sys

sys.setrecursionlimit(2**31 - 1)
nested = ()
for _ in range(1_000_000):
    nested = (nested,)
hash(nested)
print("LEAKED")
