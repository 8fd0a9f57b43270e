# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["plugins.**"]
# expect: completed
# stdout: done

import os

from plugins import tool

os.system("true")
tool.call(print, "done")
