# policy:
# | [imports]
# | deny = ["socket"]
# expect: violation import
# expect-rule: imports.deny
try:
    import socket  # here
except BaseException:
    print("LEAKED")
