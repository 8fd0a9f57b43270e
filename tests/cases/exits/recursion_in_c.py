# tells: whatever a deep structure does to the interpreter, it is not Lictor's fault
# expect: raised RecursionError | crashed 11
x = []
for n in range(100_000):
    x = [x]
repr(x)
