"""Several statements on a line, and statements without any."""

a = 1; b = 2; c = a + b
def f(): x = 1; y = 2; return x + y
f(); f(); f()
if a: b = 3; c = 4
else: b = 5
for i in range(3): a += i; b -= i
class C: x = 1; y = 2
try: a = 1; raise ValueError
except ValueError: b = 2; c = 3
finally: d = 4; e = 5
lambda: 0; (lambda: 1)(); [1, 2]; "text"; ...; None
with open("/dev/null") as n: a = 1; b = 2
if 0: x = 1
if 1: pass
while 0: pass
"a bare string"
1
...
def nothing(): ...
def docstring(): """only that"""
nothing(); docstring()
