# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["plugins.**"]
# expect: violation call
# expect-rule: not-there

import os

from plugins import tool

tool.made("os.system('echo LEAKED')", {"os": os, "__name__": "__main__"})
