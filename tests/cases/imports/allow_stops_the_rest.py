# policy:
# | [imports]
# | allow = ["math", "collections.**"]
# expect: violation import
# expect-rule: imports.allow
# expect-subject: json
import math
import json  # here
print("LEAKED", json)
