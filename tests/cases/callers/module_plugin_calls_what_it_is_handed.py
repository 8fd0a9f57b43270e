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

tool.call(os.system, "echo LEAKED")
