# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["plugins.**"]
# expect: violation call
# expect-rule: not-there

from plugins import tool

tool.__name__ = "__main__"
tool.__dict__["__package__"] = ""
tool.run("echo LEAKED")
