# policy:
# | [environment]
# | pass = ["CASE_S*", "LANG"]
# expect: completed
# stdout: shown None
import os
print(os.environ.get("CASE_SHOWN"), os.environ.get("CASE_HIDDEN"))
