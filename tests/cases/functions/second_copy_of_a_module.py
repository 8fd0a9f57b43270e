# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "math.gcd"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: math.gcd
import _imp
import importlib.util
import math
import sys
spec = importlib.util.find_spec("math")
sys.modules.pop("math")
again = importlib.util.module_from_spec(spec)
spec.loader.exec_module(again)
x = again.gcd(4, 6)  # here
print("LEAKED", x)
