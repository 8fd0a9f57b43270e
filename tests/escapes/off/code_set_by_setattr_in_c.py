# technique: C code sets __code__
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: violation tamper | limit steps
def idle():
    pass


def work():
    pass


list(map(setattr, [idle], ["__code__"], [work.__code__]))
print("LEAKED")
