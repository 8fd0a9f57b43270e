# policy:
# | [imports]
# | deny = ["sys"]
# tells: a module that is loaded is imported all the same when the guest asks for it
# expect: violation import
# expect-rule: imports.deny
import sys  # here
print("LEAKED", sys)
