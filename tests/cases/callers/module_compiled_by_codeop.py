# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["__main__"]
# expect: violation call
# expect-rule: not-there

import codeop
import os

exec(codeop.compile_command("os.system('echo LEAKED')", symbol="exec"), {"os": os})
