# tells: what stands in a guest's __pycache__ isn't run; the source is
# expect: completed
# stdout: source
import importlib.util
import py_compile
import sys
import tempfile
folder = tempfile.mkdtemp()
with open(folder + "/told.py", "w") as file:
    file.write("print('LEAKED')")
py_compile.compile(
    folder + "/told.py", invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
)
with open(folder + "/told.py", "w") as file:
    file.write("print('source')")
sys.path.insert(0, folder)
import told
