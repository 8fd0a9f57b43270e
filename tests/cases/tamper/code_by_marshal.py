# tells: code that marshal makes may have any instructions
# expect: violation tamper
# expect-subject: marshal.loads
import marshal
data = marshal.dumps(compile("print('LEAKED')", "x", "exec"))
exec(marshal.loads(data))  # here
