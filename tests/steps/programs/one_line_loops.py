"""Loops that are one line: each turn arrives at it again."""

c = 20
while c: c -= 1
xs = list(range(10))
for x in xs: y = x
for x in xs: pass
while xs: xs.pop()
n = 0
while True:
    n += 1
    if n > 5: break
def spin(n):
    while n: n -= 1
    for _ in range(n): pass
    return n
spin(15)
for i in range(3): \
    y = i
for i in range(3):
    for j in range(3): y = i * j
while n: n = n - 1 if n % 2 else n - 2 if n > 1 else 0
for i in range(4): x = i; y = x + 1; z = y
k = 3
while k > 0: k -= 1; continue
for a in range(3): [b for b in range(3)]
