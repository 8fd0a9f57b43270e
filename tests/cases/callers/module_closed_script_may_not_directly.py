# policy:
# | [defaults]
# | functions = "deny"
# | 
# | [[functions]]
# | id = "plugins-may"
# | match = "os.getpid"
# | action = "allow"
# | called_from = ["plugins.**"]
# | 
# | [[functions]]
# | id = "words"
# | match = ["builtins.print", "importlib.**", "threading.**", "_thread.**", "concurrent.**", "functools.**", "operator.**", "builtins.map", "builtins.list"]
# | action = "allow"
# | 
# | [imports]
# | allow = ["plugins.**", "os", "threading", "functools", "concurrent.futures", "operator"]
# expect: violation call
# expect-rule: defaults.functions

import os

print("LEAKED", os.getpid())  # here
