# technique: sys.modules maps a harmless name to a spec of the module
# policy:
# | [imports]
# | deny = ["subprocess"]
# expect: violation import
import importlib.machinery
import importlib.util

spec = importlib.util.find_spec("json.tool")
other = importlib.machinery.PathFinder.find_spec("subprocess")
spec.loader, spec.origin = other.loader, other.origin
module = importlib.util.module_from_spec(spec)
spec.loader.name = spec.name
spec.loader.exec_module(module)
print("LEAKED", module.Popen)
