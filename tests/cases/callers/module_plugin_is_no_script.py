# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["__main__"]
# expect: completed
# stdout: done

import os

from plugins import tool

tool.run("true")
print("done", flush=True)
