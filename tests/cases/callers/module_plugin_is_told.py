# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["plugins.**"]
# expect: violation call
# expect-rule: not-there

from plugins import tool

tool.run("echo LEAKED")
