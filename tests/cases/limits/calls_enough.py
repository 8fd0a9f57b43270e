# policy:
# | [limits]
# | calls = 4
# tells: resumes of generators, comprehensions and class bodies are no calls
# expect: completed
# stdout: done
def generator():
    for n in range(50):
        yield n


def f():
    return sum(generator())


class Body:
    cells = [n for n in range(9)]


f(), [x for x in range(9)], {x: x for x in range(9)}
print("done")
