# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: run
# expect-marked: run(command="echo LEAKED")
import os

run = os.system
run(command="echo LEAKED")  # here
