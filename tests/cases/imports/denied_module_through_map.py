# policy:
# | [imports]
# | deny = ["os"]
# expect: violation import
import sys
print("LEAKED", list(map(sys.modules["posix"].getpgid, [0])))  # here
