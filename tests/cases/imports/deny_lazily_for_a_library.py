# python: 3.15+
# policy:
# | [imports]
# | deny = ["subprocess"]
# expect: violation import
# expect-subject: subprocess
import pkgutil

exec("lazy import subprocess")
print("LEAKED", pkgutil.resolve_name("__main__:subprocess"))
