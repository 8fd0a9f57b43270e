# policy:
# | [imports]
# | deny = ["socket"]
# expect: violation import
# expect-rule: imports.deny
import importlib
s = importlib.import_module("socket")
print("LEAKED", s)
