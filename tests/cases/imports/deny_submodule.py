# policy:
# | [imports]
# | deny = ["xml.dom.**"]
# expect: violation import
# expect-rule: imports.deny
# stdout: etree
import xml.etree.ElementTree
print("etree")
import xml.dom.minidom  # here
print("LEAKED")
