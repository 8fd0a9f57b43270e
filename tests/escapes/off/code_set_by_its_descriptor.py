# technique: the descriptor of __code__ is called by itself
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: violation tamper | limit steps
import types


def idle():
    pass


def work():
    return sum(1 for _ in [1])


vars(types.FunctionType)["__code__"].__set__(idle, work.__code__)
print("LEAKED", idle())
