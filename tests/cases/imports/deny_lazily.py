# python: 3.15+
# policy:
# | [imports]
# | deny = ["subprocess"]
# expect: violation import
# expect-subject: subprocess
import sys

sys.set_lazy_imports("all")
import subprocess  # here

print("LEAKED", subprocess.run)
