# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["extra", "plugins.**"]
# expect: completed
# stdout: done

import sys
import tempfile

folder = tempfile.mkdtemp()
with open(folder + "/extra.py", "w") as file:
    file.write("import os\ndef run(command): os.system(command)\n")
sys.path.insert(0, folder)
import extra

extra.run("true")
print("done", flush=True)
