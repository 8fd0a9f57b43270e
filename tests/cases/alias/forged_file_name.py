# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
# expect-subject: os.system
# expect-written: s
import os

code = compile("s('echo LEAKED')", "/etc/passwd", "exec")
exec(code, {'s': os.system})
