def three():
    n = 0
    while n < 3:
        n += 1
    return n
