# policy:
# | [imports]
# | deny = ["socket"]
# expect: violation import
# expect-rule: imports.deny
exec("import socket\nprint('LEAKED', socket)")
