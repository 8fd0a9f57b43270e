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

code = compile("os.system('true')", tool.__file__, "exec")
exec(code, {"os": os, "__name__": "plugins.tool"})
print("done")
