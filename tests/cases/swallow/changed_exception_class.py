# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# tells: the class that is raised can be reached: by refusing, from a traceback, from builtins
import gc
import os


def subclasses(kind):
    for sub in type.__subclasses__(kind):
        yield sub
        yield from subclasses(sub)


for kind in list(subclasses(BaseException)):
    if kind.__name__ in ("PolicyViolation", "LimitExceeded"):
        for name, value in (("__init__", lambda *a: None), ("__new__", lambda *a: 1 / 0), ("__str__", lambda s: "completed")):
            try:
                setattr(kind, name, value)
            except (TypeError, AttributeError):
                pass
try:
    os.getpgid(0)  # here
except ZeroDivisionError:
    pass
except BaseException:
    pass
print("LEAKED")
