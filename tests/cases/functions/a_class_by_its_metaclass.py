# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "subprocess.Popen"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: subprocess.Popen
import subprocess
x = type.__call__(subprocess.Popen, ["echo", "LEAKED"])  # here
print("LEAKED", x)
