# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: -
# expect-marked: p()
import os
from functools import partial

p = partial(os.system, "echo LEAKED")
p()  # here
