# technique: a hundred thousand recorded calls leave none out
# expect: completed
# stdout: done
for _ in range(100_000):
    abs(1)
print("done")
