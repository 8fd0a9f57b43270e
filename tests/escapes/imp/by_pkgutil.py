# technique: pkgutil resolves a name
# policy:
# | [imports]
# | deny = ["subprocess"]
# expect: violation import
import pkgutil

print("LEAKED", pkgutil.resolve_name("subprocess:Popen"))
