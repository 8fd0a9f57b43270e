# policy:
# | [imports]
# | deny = ["socket"]
# expect: violation import
# expect-rule: imports.deny
s = __import__("soc" + "ket")  # here
print("LEAKED", s)
