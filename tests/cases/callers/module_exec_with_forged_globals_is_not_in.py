# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["json", "json.**"]
# expect: completed
# stdout: done

import os

exec("os.system('true')", {"__name__": "json", "os": os})
exec(compile("os.system('true')", "/usr/lib/python3/json/__init__.py", "exec"), {"__name__": "json", "os": os})
print("done")
