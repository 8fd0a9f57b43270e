# policy:
# | [imports]
# | deny = ["os"]
# tells: a denied module that is loaded all the same can't be called
# expect: violation import
# expect-rule: imports.deny
# expect-subject: os
import sys
posix = sys.modules["posix"]
print("LEAKED", posix.getpid())  # here
