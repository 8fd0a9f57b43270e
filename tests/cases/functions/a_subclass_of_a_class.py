# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "subprocess.Popen"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: subprocess.Popen
import subprocess


class Mine(subprocess.Popen):
    pass


x = Mine(["echo", "LEAKED"])
print("LEAKED", x)
