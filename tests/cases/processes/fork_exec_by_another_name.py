# policy:
# | [limits]
# | processes = 0
# expect: violation process
# expect-rule: limits.processes
import _imp
import importlib.util

spec = importlib.util.find_spec("_posixsubprocess")
if spec.origin == "built-in":
    import _posixsubprocess as module
else:
    spec.name = "another._posixsubprocess"
    module = _imp.create_dynamic(spec)
module.fork_exec([b"true"], [b"/bin/true"], True, ())  # here
