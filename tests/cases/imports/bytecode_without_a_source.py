# policy:
# | [imports]
# | deny = ["os.path"]
# tells: bytecode that belongs to no library may be made by hand
# expect: violation import
# expect-rule: tamper
import importlib.machinery
import importlib.util
import py_compile
import tempfile
folder = tempfile.mkdtemp()
with open(folder + "/source.py", "w") as file:
    file.write("x = 1")
py_compile.compile(folder + "/source.py", cfile=folder + "/harmless.pyc")
loader = importlib.machinery.SourcelessFileLoader("harmless", folder + "/harmless.pyc")
module = importlib.util.module_from_spec(importlib.util.spec_from_loader("harmless", loader))
loader.exec_module(module)
print("LEAKED", module.x)
