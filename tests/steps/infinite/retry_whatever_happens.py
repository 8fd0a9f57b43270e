"""A loop that starts its work again whatever is raised."""


def work(n):
    for i in range(n):
        if i == 3: raise ValueError(i)


while True:
    try:
        work(5)
    except BaseException:
        continue
    finally:
        n = 1
