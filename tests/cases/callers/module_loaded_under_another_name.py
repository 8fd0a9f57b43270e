# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["plugins.**"]
# expect: violation call
# expect-rule: not-there

import importlib.util
import os

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("harmless", HERE + "/plugins/tool.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.run("echo LEAKED")
