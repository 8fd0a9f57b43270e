# policy:
# | [imports]
# | deny = ["socket"]
# expect: violation import
# expect-rule: imports.deny
def late():
    import socket as s  # here
    return s


print("LEAKED", late())
