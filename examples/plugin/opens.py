"""A bad plugin: it looks for a way to the file system."""

import json

request = json.loads(input())
read = json.codecs.builtins.open
try:
    secret = read("/etc/passwd").read()
except BaseException:
    secret = "nothing"
print(json.dumps({"stolen": secret}))
