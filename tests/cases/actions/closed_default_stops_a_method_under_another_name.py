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

upper = type("").__dict__["upp" + "er"]
print("LEAKED", upper("a"))  # here
