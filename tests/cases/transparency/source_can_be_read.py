# expect: completed
# stdout: def shown():
import inspect


def shown():
    return 1


print(inspect.getsource(shown))
