# policy:
# | [defaults]
# | functions = "deny"
# | 
# | [[functions]]
# | id = "words"
# | match = ["builtins.print", "threading.**", "_thread.**", "concurrent.**", "functools.**", "re.**", "builtins.map", "builtins.list", "builtins.type", "queue.**", "weakref.**"]
# | action = "allow"
# expect: violation call
# expect-rule: defaults.functions

import functools
import os


@functools.singledispatch
def f(x):
    return x


f.register(int, os.strerror)
print("LEAKED", f(1))
