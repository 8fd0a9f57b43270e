# technique: the interpreter flushes sys.stdout when all is over
# policy:
# | [[functions]]
# | id = "no-parent"
# | match = "os.getppid"
# | action = "deny"
# expect: violation call
import os
import sys
import types

sys.stdout = types.SimpleNamespace(write=len, flush=os.getppid)
