# technique: a loop in text that has one line, in C code that repeats it
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: limit steps
exec("i = 0\nwhile i < 10**6: i += 1")
print("LEAKED")
