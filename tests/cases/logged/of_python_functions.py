# policy:
# | [audit]
# | record = ["calls"]
# | arguments = "values"
# expect: completed
# expect-logged: __main__.solve(x=1, mode='fast')
# expect-logged: __main__.solve(x='a', mode='slow', 2, <list>, other=3)
# expect-logged: __main__.shared(x=7)
# expect-logged: json.dumps(obj=<dict>, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False)

import json


def solve(x, *rest, mode="fast", **more):
    return x


def shared(x):
    return lambda: x


solve(1)
solve("a", 2, [], mode="slow", other=3)
shared(7)
json.dumps({})
