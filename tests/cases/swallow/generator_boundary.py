# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os


def g():
    while True:
        try:
            yield os.getpgid(0)  # here
        except GeneratorExit:
            return
        except BaseException:
            yield None


it = g()
next(it)
it.close()
print("LEAKED")
