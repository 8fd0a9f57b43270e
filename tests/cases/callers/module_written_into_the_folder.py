# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["plugins.**"]
# expect: completed
# stdout: done

import os
import sys
import tempfile

folder = tempfile.mkdtemp()
os.mkdir(folder + "/plugins")
with open(folder + "/plugins/extra.py", "w") as file:
    file.write("import os\ndef run(command): os.system(command)\n")
sys.path.insert(0, folder)
import plugins.extra

plugins.extra.run("true")
print("done")
