# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: completed
# stdout: fine
import inspect


def function():
    return 1


print(open(__file__).readline(), inspect.getsource(function))
print("fine")
