# policy:
# | [tamper]
# | allow = ["code", "ast"]
# expect: completed
# stdout: 3
import ast
import marshal
def f():
    return 1
f.__code__ = f.__code__.replace(co_consts=(None, 2))
exec(marshal.loads(marshal.dumps(compile("x = 1", "x", "exec"))))
print(x + eval(compile(ast.parse("2", mode="eval"), "x", "eval")))
