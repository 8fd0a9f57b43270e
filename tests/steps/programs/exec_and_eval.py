"""Code compiled at run time: exec, eval, compile, in functions, nested, with line numbers."""

namespace = {}
exec("x = 1\nfor i in range(3):\n    x += i\n", namespace)
assert namespace["x"] == 4
exec("def made(n):\n    if n == 0:\n        return 0\n    return 1 + made(n - 1)\n", namespace)
assert namespace["made"](5) == 5
eval("[n * n for n in range(3)]")
eval("(lambda a:\n a +\n 1)(2)")
code = compile("a = 1\nb = a + 1\n", "<made>", "exec")
for _ in range(3):
    exec(code, {})
exec('exec("exec(\'deep = 1\')")')


def local():
    y = 3
    exec("z = y + 1\nz += 1", {}, {"y": y})
    return eval("y * 2", {"y": y})


local()
expression = compile("n + 1", "<expression>", "eval")
assert [eval(expression, {"n": n}) for n in range(3)] == [1, 2, 3]
try:
    exec("ok = 1\n1 / 0\nnever = 1")
except ZeroDivisionError:
    pass
try:
    exec("two words")
except SyntaxError:
    pass
class_namespace = {}
exec("class Made:\n    a = 1\n    def method(self):\n        return self.a\n", class_namespace)
class_namespace["Made"]().method()
single = compile("q = 1", "<single>", "single")
exec(single)
