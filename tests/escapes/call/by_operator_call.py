# technique: operator.call calls what it is given
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import operator
import os

operator.call(os.system, "echo LEAKED")  # here
print("LEAKED")
