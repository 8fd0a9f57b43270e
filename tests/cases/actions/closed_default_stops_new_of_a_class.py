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

print("LEAKED", (3).__class__.__new__((3).__class__, "4"))  # here
