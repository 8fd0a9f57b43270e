# policy:
# | [tamper]
# | allow = ["gc"]
# expect: violation tamper
import sys
sys.setprofile(None)  # here
print("LEAKED")
