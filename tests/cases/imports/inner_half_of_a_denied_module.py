# policy:
# | [imports]
# | deny = ["subprocess"]
# expect: violation import
import _posixsubprocess  # here
print("LEAKED")
