# technique: the module of interpreters is made from its spec
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: violation tamper
import importlib.machinery
import importlib.util

for name in ("_interpreters", "_xxsubinterpreters"):
    spec = importlib.util.find_spec(name)
    if spec is not None:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        print("LEAKED", module.create())
