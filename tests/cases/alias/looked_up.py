# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: getattr(os, 'sys' + 'tem')
# expect-marked: getattr(os, 'sys' + 'tem')("echo LEAKED")
import os

getattr(os, 'sys' + 'tem')("echo LEAKED")  # here
