# policy:
# | [tamper]
# | allow = ["gc"]
# expect: completed
# stdout: nothing
import gc
import sys

found = [name for name in sys.modules if "lictor" in name.lower()]
found += [name for name in vars(sys) if "lictor" in name.lower()]
found += [o for o in gc.get_objects() if type(o).__module__ == "lictor"]
print(found or "nothing")
