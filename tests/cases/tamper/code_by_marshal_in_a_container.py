# expect: violation tamper
import marshal
data = marshal.dumps([{"x": (compile("print('LEAKED')", "x", "exec"),)}])
exec(marshal.loads(data)[0]["x"][0])  # here
