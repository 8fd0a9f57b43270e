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
# expect-subject: builtins.bytearray

import threading

thread = threading.Thread(target=bytearray, args=(3,))
thread.start()
thread.join()
print("LEAKED")
