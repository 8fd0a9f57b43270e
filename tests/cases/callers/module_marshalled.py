# policy:
# | [tamper]
# | allow = ["code"]
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["__main__"]
# expect: violation call
# expect-rule: not-there

import marshal
import os

code = marshal.loads(marshal.dumps(compile("os.system('echo LEAKED')", "x", "exec")))
exec(code, {"os": os, "__name__": "json"})
