# policy:
# | [imports]
# | allow = ["xml"]
# expect: violation import
# expect-rule: imports.allow
import xml
import xml.dom  # here
print("LEAKED")
