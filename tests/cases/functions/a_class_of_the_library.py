# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "subprocess.Popen"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: subprocess.Popen
import subprocess
x = subprocess.run(["echo", "LEAKED"])
print("LEAKED", x)
