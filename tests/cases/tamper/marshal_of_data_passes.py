# expect: completed
# stdout: [{'c': (1, 'c')}]
import marshal
print(marshal.loads(marshal.dumps([{"c": (1, "c")}])))
