# policy:
# | [imports]
# | deny = ["socket", "ctypes.**"]
# expect: violation import
# expect-rule: imports.deny
# expect-subject: socket
import math
import socket  # here
print("LEAKED", socket)
