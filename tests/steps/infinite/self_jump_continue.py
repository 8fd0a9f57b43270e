"""The same instruction, written differently, in a function that a generator resumes."""


def spin():
    yield 1
    while True: continue


for _ in spin(): pass
