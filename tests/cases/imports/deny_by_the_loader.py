# policy:
# | [imports]
# | deny = ["colorsys"]
# tells: the import system's own functions are an import too
# expect: violation
import importlib.util
spec = importlib.util.find_spec("colorsys")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print("LEAKED", module)
