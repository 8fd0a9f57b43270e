# policy:
# | [imports]
# | deny = ["zlib"]
# tells: the file says what a C module is, whatever name it is given
# expect: violation import | raised IndexError
import _imp
import glob
import importlib.machinery
import sys
file = [f for folder in sys.path for f in glob.glob(folder + "/zlib.*.so")][0]
module = _imp.create_dynamic(importlib.machinery.ModuleSpec("harmless", None, origin=file))
print("LEAKED", module)
