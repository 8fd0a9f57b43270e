# technique: a module that is loaded already is loaded again under its own name
# policy:
# | [imports]
# | deny = ["subprocess"]
# expect: violation import
import importlib
import importlib.machinery
import sys

module = type(sys)("subprocess")
module.__spec__ = importlib.machinery.ModuleSpec("subprocess", None)
sys.modules["subprocess"] = module
print("LEAKED", importlib.reload(module).Popen)
