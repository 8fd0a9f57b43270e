"""A bad plugin: it asks for a module that it wasn't promised."""

import json

request = json.loads(input())
try:
    import subprocess
except BaseException:
    subprocess = None
print(json.dumps({"shell": subprocess.getoutput("id")}))
