# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper | limit steps
def work():
    n = 0
    while n < 40000:
        n += 1
    return n


work.__code__ = work.__code__.replace(co_linetable=b"")
print("LEAKED", work())
