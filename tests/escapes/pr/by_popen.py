# technique: os.popen starts a shell by subprocess
# policy:
# | [limits]
# | processes = 0
# expect: violation process
import os

print("LEAKED", os.popen("echo").read())
