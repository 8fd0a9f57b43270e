# policy:
# | [limits]
# | calls = 100
# expect: limit calls
f = lambda n: f(n + 1) if n < 90 else 0
while f(0) == 0: pass
print("LEAKED")
