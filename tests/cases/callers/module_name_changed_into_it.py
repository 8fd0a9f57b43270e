# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["json", "json.**"]
# expect: completed
# stdout: done

import os

__name__ = "json"
os.system("true")
print("done")
