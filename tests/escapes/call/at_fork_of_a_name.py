# technique: the function is taken from a frozen spec: a second module object of posix
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import importlib.util

spec = importlib.util.find_spec("posix")
second = importlib.util.module_from_spec(spec)
spec.loader.exec_module(second)
print("LEAKED", second.getpgid(0))
