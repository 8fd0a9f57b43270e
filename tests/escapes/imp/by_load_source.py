# technique: the loader is asked by its old method
# policy:
# | [imports]
# | deny = ["subprocess"]
# expect: violation import
import importlib.machinery
import os

path = os.path.join(os.path.dirname(os.__file__), "subprocess.py")
print("LEAKED", importlib.machinery.SourceFileLoader("other", path).load_module().Popen)
