# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: tools['run (now)']
# expect-marked: tools['run (now)']("echo LEAKED")
import os

tools = {'run (now)': os.system}
tools['run (now)']("echo LEAKED")  # here
