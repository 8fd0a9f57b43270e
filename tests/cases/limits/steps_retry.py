# policy:
# | [limits]
# | steps = 500
# expect: limit steps
hits = n = 0
while True:
    try:
        while n < 2000:
            n += 1
        break
    except BaseException:
        hits += 1
print("LEAKED", hits, n)
