# policy:
# | [imports]
# | deny = ["xml.etree"]
# expect: violation import
# expect-rule: imports.deny
from xml import etree  # here
print("LEAKED", etree)
