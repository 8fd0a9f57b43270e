# policy:
# | [imports]
# | allow = ["sys"]
# tells: looking up what a library loaded is no import
# expect: completed
# stdout: True
import sys
print("codecs" in sys.modules)
