"""break, continue, else of loops, nested loops, tries in loops."""

log = []
for n in range(6):
    if n == 1:
        continue
    if n == 4:
        break
    log.append(n)
else:
    log.append("never")
for n in ():
    log.append(n)
else:
    log.append("else")
n = 3
while n:
    n -= 1
else:
    log.append("while-else")
while True:
    n += 1
    if n % 2:
        continue
    if n > 6:
        break
else:
    log.append("never")
for i in range(3):
    for j in range(3):
        if j == i:
            break
        if i == 2:
            continue
        log.append((i, j))
    else:
        log.append(i)
for n in range(5):
    try:
        if n == 3: raise ValueError
        10 // n
    except ZeroDivisionError:
        continue
    except ValueError:
        break
    else:
        log.append(n)
    finally:
        log.append("f")


def search(rows, wanted):
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell == wanted:
                return x, y
    return None


search([[1, 2], [3, 4]], 3)
search([[1, 2], [3, 4]], 9)
n = 0
while (n := n + 1) < 5: log.append(n)
x = 5
while x:
    if x > 3:
        x -= 1
    elif x > 1:
        x -= 2
    else:
        x = 0
pass
