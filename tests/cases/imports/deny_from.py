# policy:
# | [imports]
# | deny = ["socket"]
# expect: violation import
# expect-rule: imports.deny
from socket import socket  # here
print("LEAKED", socket)
