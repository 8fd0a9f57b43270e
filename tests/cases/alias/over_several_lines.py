# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: run
import os

run = os.system
run(  # here
    "echo LEAKED"
)
